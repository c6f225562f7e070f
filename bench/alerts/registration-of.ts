import type { Registration } from '../../domain/registry/registration.ts';

export const STATIONS = 200;
const SITES = 10;
const firmwares = ['1.0', '1.1', '2.0'];

export const registrationOf = (index: number): Registration => {
  const connectors = index % 3 === 0 ? [1] : [1, 2];
  return {
    stationId: `CS-${String(index).padStart(3, '0')}`,
    siteId: `site-${index % SITES}`,
    zoneId: `zone-${index % 2}`,
    region: 'north',
    timeZone: 'Europe/Berlin',
    vendor: 'Example',
    model: index % 2 === 0 ? 'Fifty' : 'Twenty',
    firmware: firmwares[index % firmwares.length] ?? '1.0',
    connectors: connectors.map((id) => ({
      evseId: id,
      connectorId: id,
      connectorType: index % 2 === 0 ? 'CCS' : 'Type2',
      ratedW: index % 2 === 0 ? 50_000 : 22_000,
    })),
    admission: 'accepted',
  };
};
