import pMap from 'p-map';
import * as z from 'zod';
import type { Registration } from '../../domain/registry/registration.ts';
import { argumentsOf, page } from '../fields/arguments-of.ts';
import type { SiteIds } from '../ports/live-network.ts';
import type { StationRegistry } from '../ports/station-registry.ts';

const CONCURRENCY = 16;

/** A site is what its registered stations say it is; undefined without any. */
const presentSite = (siteId: string, stations: readonly Registration[]) => {
  const [first] = stations;
  return (
    first && {
      id: siteId,
      siteId,
      region: first.region,
      timeZone: first.timeZone,
      zoneIds: [...new Set(stations.map(({ zoneId }) => zoneId))].sort(),
      stationCount: stations.length,
      connectorCount: stations.reduce((sum, { connectors }) => sum + connectors.length, 0),
    }
  );
};

type Registry = Pick<StationRegistry, 'list'>;

/** The sites of the network, ordered by id, in pages; the token of a page is its last site. */
export const querySites =
  (siteIds: SiteIds, registry: Registry) => async (given: Readonly<Record<string, unknown>>) => {
    const { limit, nextToken } = argumentsOf(z.object(page), given);
    const after = nextToken === undefined ? '' : Buffer.from(nextToken, 'base64url').toString();
    const behind = (await siteIds()).filter((siteId) => siteId > after);
    const wanted = behind.slice(0, limit);
    const sites = await pMap(wanted, async (siteId) => presentSite(siteId, await registry.list(siteId)), {
      concurrency: CONCURRENCY,
    });
    const last = wanted.at(-1);
    return {
      items: sites.filter((site) => site !== undefined),
      nextToken: last === undefined || wanted.length === behind.length ? null : Buffer.from(last).toString('base64url'),
    };
  };

/** One site, or null where no station is registered. */
export const querySite = (registry: Registry) => async (given: Readonly<Record<string, unknown>>) => {
  const { siteId } = argumentsOf(z.object({ siteId: z.string() }), given);
  return siteId === '' ? null : (presentSite(siteId, await registry.list(siteId)) ?? null);
};
