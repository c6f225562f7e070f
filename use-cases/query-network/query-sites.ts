import pMap from 'p-map';
import * as z from 'zod';
import type { Registration } from '../../domain/registry/registration.ts';
import { argumentsOf, id, page } from '../fields/arguments-of.ts';
import { pageToken, positionIn } from '../fields/page-token.ts';
import type { SiteIds } from '../ports/live-network.ts';
import type { SiteConfigurations, SiteStore } from '../ports/sites/site-store.ts';
import type { StationRegistry } from '../ports/station-registry.ts';
import { presentControl } from './present-control.ts';

const CONCURRENCY = 16;

export type QuerySitesPorts = {
  readonly registry: Pick<StationRegistry, 'list'>;
  readonly configurations: Pick<SiteConfigurations, 'find'>;
  readonly control: Pick<SiteStore, 'states'>;
  /** ms since the epoch. */
  readonly clock: () => number;
};

/** A site is what its registered stations say it is. */
const presentSite = (siteId: string, stations: readonly [Registration, ...Registration[]]) => {
  const [first] = stations;
  return {
    id: siteId,
    siteId,
    region: first.region,
    timeZone: first.timeZone,
    zoneIds: [...new Set(stations.map(({ zoneId }) => zoneId))].sort(),
    stationCount: stations.length,
    connectorCount: stations.reduce((sum, { connectors }) => sum + connectors.length, 0),
  };
};

/** The sites of these ids, with how they are controlled; those without a station are left out. */
const presentSites = async (
  siteIds: readonly string[],
  { registry, configurations, control, clock }: QuerySitesPorts,
) => {
  const found = await pMap(siteIds, configurations.find, { concurrency: CONCURRENCY });
  const configured = found.filter((configuration) => configuration !== undefined);
  const [kept, stationsOf] = await Promise.all([
    configured.length === 0 ? [] : control.states(configured.map(({ siteId }) => siteId)),
    pMap(siteIds, async (siteId) => [siteId, await registry.list(siteId)] as const, { concurrency: CONCURRENCY }),
  ]);
  return stationsOf.flatMap(([siteId, [first, ...others]]) => {
    if (first === undefined) return [];
    const stations = [first, ...others] as const;
    const configuration = configured.find((one) => one.siteId === siteId);
    const state = kept.find((one) => one.state.siteId === siteId)?.state;
    const controlled = configuration && presentControl(configuration, stations, state, clock());
    return [{ ...presentSite(siteId, stations), ...controlled }];
  });
};

const Token = z.strictObject({ siteId: z.string().min(1) });

/** The sites of the network, ordered by id, in pages; the token of a page is its last site. */
export const querySites =
  (siteIds: SiteIds, ports: QuerySitesPorts) => async (given: Readonly<Record<string, unknown>>) => {
    const { limit, nextToken } = argumentsOf(z.object(page), given);
    const after = nextToken === undefined ? '' : positionIn(Token, nextToken).siteId;
    const behind = (await siteIds()).filter((siteId) => siteId > after);
    const wanted = behind.slice(0, limit);
    const last = wanted.at(-1);
    return {
      items: await presentSites(wanted, ports),
      nextToken: last === undefined || wanted.length === behind.length ? null : pageToken({ siteId: last }),
    };
  };

/** One site, or null where no station is registered. */
export const querySite = (ports: QuerySitesPorts) => async (given: Readonly<Record<string, unknown>>) => {
  const { siteId } = argumentsOf(z.object({ siteId: id }), given);
  return siteId === '' ? null : ((await presentSites([siteId], ports))[0] ?? null);
};
