import type { Connector } from '../connector/connector.ts';
import type { NetworkSnapshot } from './network-snapshot.ts';
import { presentPowerW } from './present-power.ts';
import type { SiteSnapshot } from './site-snapshot.ts';

type Group = { readonly connectors: number; readonly faulted: number };

/** Sums over sites and models, taken connector by connector: a fleet need not be held in memory to be summed. */
export type FleetTally = {
  readonly add: (connectors: readonly Connector[]) => void;
  readonly sites: () => readonly SiteSnapshot[];
  /** Each vendor, model and firmware beside all others. */
  readonly models: () => readonly NetworkSnapshot[];
};

const modelName = ({ vendor, model, firmware }: Connector['place']): string | undefined =>
  model && `${vendor ?? 'unknown'} ${model} ${firmware ?? 'unknown'}`;

/** A tally as of `now`, ms. Power nobody knows of (offline, stale) adds nothing; offline is not faulted. */
export const fleetTally = (now: number): FleetTally => {
  const sites = new Map<string, SiteSnapshot>();
  const models = new Map<string, Group>();

  const addToSite = (connector: Connector): void => {
    const { siteId, zoneId, region } = connector.place;
    const site = sites.get(siteId) ?? { siteId, zoneId, region, chargingW: 0, chargingConnectors: 0 };
    const powerW = presentPowerW(connector, now) ?? 0;
    const chargingConnectors = site.chargingConnectors + (powerW > 0 ? 1 : 0);
    sites.set(siteId, { ...site, chargingW: site.chargingW + powerW, chargingConnectors });
  };

  const addToModel = ({ place, status }: Connector): void => {
    const name = modelName(place);
    if (name === undefined) return;
    const { connectors, faulted } = models.get(name) ?? { connectors: 0, faulted: 0 };
    models.set(name, { connectors: connectors + 1, faulted: faulted + (status === 'faulted' ? 1 : 0) });
  };

  return {
    add: (connectors) => {
      for (const connector of connectors) {
        addToSite(connector);
        addToModel(connector);
      }
    },
    sites: () => [...sites.values()],
    models: () => {
      const groups = [...models];
      const all = groups.reduce(
        (sum, [, group]) => ({
          connectors: sum.connectors + group.connectors,
          faulted: sum.faulted + group.faulted,
        }),
        { connectors: 0, faulted: 0 },
      );
      return groups.map(([name, group]) => ({
        topic: 'fleet',
        name,
        ...group,
        otherConnectors: all.connectors - group.connectors,
        otherFaulted: all.faulted - group.faulted,
      }));
    },
  };
};
