import type { Connector } from '../connector/connector.ts';
import type { NetworkSnapshot } from './network-snapshot.ts';
import { presentPowerW } from './present-power-w.ts';
import type { SiteSnapshot } from './site-snapshot.ts';

type ModelCount = { readonly name: string; readonly connectors: number; readonly faulted: number };

/** Sums over the sites and models of some connectors. Plain data. */
export type FleetTally = { readonly sites: readonly SiteSnapshot[]; readonly models: readonly ModelCount[] };

const modelName = ({ vendor, model, firmware }: Connector['place']): string | undefined =>
  model && `${vendor ?? 'unknown'} ${model} ${firmware ?? 'unknown'}`;

const siteOf = (connector: Connector, now: number): SiteSnapshot => {
  const { siteId, zoneId, region } = connector.place;
  const chargingW = presentPowerW(connector, now) ?? 0;
  return { siteId, zoneId, region, chargingW, chargingConnectors: chargingW > 0 ? 1 : 0 };
};

const modelOf = ({ place, status }: Connector): readonly ModelCount[] => {
  const name = modelName(place);
  return name === undefined ? [] : [{ name, connectors: 1, faulted: status === 'faulted' ? 1 : 0 }];
};

const added = (to: SiteSnapshot, site: SiteSnapshot): SiteSnapshot => ({
  ...to,
  chargingW: to.chargingW + site.chargingW,
  chargingConnectors: to.chargingConnectors + site.chargingConnectors,
});

/** The sums of several parts of a fleet as those of the whole. */
export const wholeTally = (parts: readonly FleetTally[]): FleetTally => {
  const sites = new Map<string, SiteSnapshot>();
  const models = new Map<string, ModelCount>();
  for (const part of parts) {
    for (const site of part.sites) {
      const known = sites.get(site.siteId);
      sites.set(site.siteId, known === undefined ? site : added(known, site));
    }
    for (const model of part.models) {
      const { connectors = 0, faulted = 0 } = models.get(model.name) ?? {};
      models.set(model.name, {
        name: model.name,
        connectors: connectors + model.connectors,
        faulted: faulted + model.faulted,
      });
    }
  }
  return { sites: [...sites.values()], models: [...models.values()] };
};

/** The tally of connectors as of `now`, ms. Power nobody knows of (offline, stale) adds nothing; offline is not faulted. */
export const fleetTally = (connectors: readonly Connector[], now: number): FleetTally =>
  wholeTally([{ sites: connectors.map((connector) => siteOf(connector, now)), models: connectors.flatMap(modelOf) }]);

/** Each vendor, model and firmware beside all others. */
export const modelSnapshots = ({ models }: FleetTally): readonly NetworkSnapshot[] => {
  const all = models.reduce(
    (sum, { connectors, faulted }) => ({
      connectors: sum.connectors + connectors,
      faulted: sum.faulted + faulted,
    }),
    { connectors: 0, faulted: 0 },
  );
  return models.map((model) => ({
    topic: 'fleet',
    ...model,
    otherConnectors: all.connectors - model.connectors,
    otherFaulted: all.faulted - model.faulted,
  }));
};
