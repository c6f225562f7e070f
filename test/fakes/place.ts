import type { Place } from '../../domain/registry/place.ts';

/** Where the connectors of tests stand. */
export const place: Place = {
  siteId: 'site',
  zoneId: 'zone',
  region: 'north',
  timeZone: 'Europe/London',
  connectorType: 'CCS',
  ratedW: 50_000,
};
