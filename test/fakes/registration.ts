import type { Registration } from '../../domain/registry/registration.ts';

/** A registration with everything filled in, for tests; `over` replaces parts of it. */
export const registration = (over: Partial<Registration> = {}): Registration => ({
  stationId: 'CP01',
  siteId: 'S1',
  zoneId: 'Z1',
  region: 'R1',
  timeZone: 'Europe/London',
  connectors: [{ evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: 50_000 }],
  admission: 'accepted',
  ...over,
});

/** The credential the stations of tests have. */
export const credential = 'hash of right-password-1234';

/** Stands in for scrypt: knows credentials such as `credential`. */
export const matches = async (password: string, stored: string): Promise<boolean> => stored === `hash of ${password}`;
