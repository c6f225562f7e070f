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
  credential: 'hash of right-password-1234',
  ...over,
});

/** Stands in for scrypt: knows the credentials of `registration`. */
export const matches = async (password: string, credential: string): Promise<boolean> =>
  credential === `hash of ${password}`;
