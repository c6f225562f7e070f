import * as z from 'zod';
import { iso } from '../../domain/kernel/iso.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { UNREGISTERED } from '../../domain/registry/place.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import { revenueOf, stationRevenue1h } from '../../domain/windows/series/station-revenue-1h.ts';
import type { Window } from '../../domain/windows/window.ts';
import { argumentsOf, bounded, optional, range } from '../fields/arguments-of.ts';
import type { StationRegistry } from '../ports/station-registry.ts';
import type { WindowStore } from '../ports/window-store.ts';

export type RevenuePorts = {
  readonly windows: Pick<WindowStore, 'read'>;
  readonly registry: Pick<StationRegistry, 'find' | 'list'>;
};

const DAYS = 92;
const Arguments = z.object({
  filter: z.object({ stationId: optional(z.string()), siteId: optional(z.string()) }),
  ...range,
});

/** Connectors that nobody registered charge too. */
const keysOf = ({ stationId, connectors }: Registration): string[] => [
  ...new Set(
    [...connectors.map(({ connectorType }) => connectorType), UNREGISTERED].map((type) => `${stationId}#${type}`),
  ),
];

const total = (rows: readonly Window[], measure: string): number =>
  rows.reduce((sum, { measures }) => sum + (measures[measure] ?? 0), 0);

const summed = (rows: readonly Window[]) => ({
  sessionsCompleted: total(rows, 'sessionsCompleted'),
  energyWh: total(rows, 'energyWh'),
});

/** Revenue and energy of a station or site: totals, per currency, and per clock hour of the site. */
export const queryRevenue =
  ({ windows, registry }: RevenuePorts) =>
  async (given: Readonly<Record<string, unknown>>) => {
    const { filter, from, to } = argumentsOf(Arguments, given);
    const { stationId, siteId } = filter;
    if ((stationId === undefined) === (siteId === undefined))
      throw new Rejected('filter: give exactly one of stationId, siteId');
    bounded({ from, to }, DAYS, 'revenue');
    const stations =
      stationId === undefined
        ? await registry.list(siteId)
        : [await registry.find(stationId)].filter((one) => one !== undefined);
    const rows = await windows.read(stationRevenue1h.name, stations.flatMap(keysOf), from, to);
    return {
      from: iso(from),
      to: iso(to),
      ...summed(rows),
      revenue: revenueOf(rows),
      hours: [...Map.groupBy(rows, ({ startAt }) => startAt)].map(([startAt, ofHour]) => {
        const revenue = revenueOf(ofHour);
        return {
          startAt: iso(startAt),
          ...summed(ofHour),
          revenue,
          revenueMinor: revenue.length > 1 ? null : (revenue[0]?.minor ?? 0),
        };
      }),
    };
  };
