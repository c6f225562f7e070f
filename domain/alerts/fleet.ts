import type { Connector } from '../connector/connector.ts';
import { type NetworkView, presentPowerW, type SiteView } from './views.ts';

/** What one connector adds to the sums over its site and its model: kept instead of the connectors themselves. */
export type Tally = {
  readonly sites: ReadonlyMap<string, SiteView>;
  readonly models: ReadonlyMap<string, { readonly connectors: number; readonly faulted: number }>;
};

export const emptyTally: Tally = { sites: new Map(), models: new Map() };

/** The tally of these connectors. Power nobody knows of (offline, stale) adds nothing; offline is not faulted. */
export const tally = (connectors: readonly Connector[], now: number): Tally => {
  const sites = new Map<string, SiteView>();
  const models = new Map<string, { connectors: number; faulted: number }>();
  for (const connector of connectors) {
    const { siteId, zoneId, region, vendor, model, firmware } = connector.place;
    const site = sites.get(siteId) ?? { siteId, zoneId, region, chargingW: 0, chargingConnectors: 0 };
    const powerW = presentPowerW(connector, now) ?? 0;
    sites.set(siteId, {
      ...site,
      chargingW: site.chargingW + powerW,
      chargingConnectors: site.chargingConnectors + (powerW > 0 ? 1 : 0),
    });
    if (model === undefined) continue;
    const name = `${vendor ?? 'unknown'} ${model} ${firmware ?? 'unknown'}`;
    const group = models.get(name) ?? { connectors: 0, faulted: 0 };
    models.set(name, {
      connectors: group.connectors + 1,
      faulted: group.faulted + (connector.status === 'faulted' ? 1 : 0),
    });
  }
  return { sites, models };
};

/** The tallies of several parts of the fleet as one. Order does not matter. */
export const mergeTallies = (tallies: readonly Tally[]): Tally => {
  const sites = new Map<string, SiteView>();
  const models = new Map<string, { connectors: number; faulted: number }>();
  for (const part of tallies) {
    for (const [siteId, site] of part.sites) {
      const sum = sites.get(siteId);
      sites.set(siteId, {
        ...site,
        chargingW: site.chargingW + (sum?.chargingW ?? 0),
        chargingConnectors: site.chargingConnectors + (sum?.chargingConnectors ?? 0),
      });
    }
    for (const [name, group] of part.models) {
      const sum = models.get(name);
      models.set(name, {
        connectors: group.connectors + (sum?.connectors ?? 0),
        faulted: group.faulted + (sum?.faulted ?? 0),
      });
    }
  }
  return { sites, models };
};

/** Each vendor, model and firmware beside all others. */
export const fleetViews = ({ models }: Tally): readonly NetworkView[] => {
  const groups = [...models];
  const connectors = groups.reduce((sum, [, group]) => sum + group.connectors, 0);
  const faulted = groups.reduce((sum, [, group]) => sum + group.faulted, 0);
  return groups.map(([name, group]) => ({
    topic: 'fleet',
    name,
    ...group,
    otherConnectors: connectors - group.connectors,
    otherFaulted: faulted - group.faulted,
  }));
};
