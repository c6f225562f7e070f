import type { StationEntry } from '../../cli/station/station-entry.ts';
import type { StationPlan } from './replay-plan.ts';

/** Letters and digits of a site's name: an id that can be typed. */
const siteIdOf = (site: string): string =>
  site
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '') || 'unknown-site';

/** How an operator of this network would register the station. */
export const stationEntry = (plan: StationPlan, password: string): StationEntry => ({
  stationId: plan.stationId,
  password,
  siteId: siteIdOf(plan.site),
  zoneId: siteIdOf(plan.site),
  region: 'perth-and-kinross',
  timeZone: 'Europe/London',
  model: plan.model || undefined,
  ocpp: plan.ocpp,
  connectors: plan.connectors.map(({ connectorId, connectorType, ratedW }) => {
    const place = plan.ocpp === '1.6' ? `${connectorId}` : `${connectorId}.1`;
    return `${place}:${connectorType}:${ratedW / 1000}`;
  }),
});
