import * as z from 'zod';
import { HOUR_MS } from '../../domain/kernel/durations.ts';
import { iso } from '../../domain/kernel/iso.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { sum } from '../../domain/kernel/sum.ts';
import { type RevenueHour, revenueHours } from '../../domain/windows/revenue-hours.ts';
import { revenueOf } from '../../domain/windows/series/station-revenue-1h.ts';
import { argumentsOf, bounded, id, optional, range } from '../fields/arguments-of.ts';
import type { RunningSessions } from '../ports/live-network.ts';
import type { SessionStore, SoldSelection } from '../ports/session-store.ts';

export type RevenuePorts = {
  readonly sessions: Pick<SessionStore, 'sold'>;
  readonly running: Pick<RunningSessions, 'ofStation' | 'ofSite'>;
};

const DAYS = 92;
const Arguments = z.object({
  filter: z.object({ stationId: optional(id.min(1)), siteId: optional(id.min(1)) }),
  ...range,
});

const summed = (hours: readonly RevenueHour[]) => ({
  sessionsCompleted: sum(hours.map(({ measures }) => measures.sessionsCompleted ?? 0)),
  energyWh: sum(hours.map(({ measures }) => measures.energyWh ?? 0)),
});

const placeOf = (stationId: string | undefined, siteId: string | undefined): Pick<SoldSelection, 'by' | 'value'> => {
  if (stationId !== undefined && siteId === undefined) return { by: 'station', value: stationId };
  if (stationId === undefined && siteId !== undefined) return { by: 'site', value: siteId };
  throw new Rejected('filter: give exactly one of stationId, siteId');
};

/**
 * Revenue and energy of a station or site: totals, per currency, and per clock hour of the site. It is added up from the sessions
 * themselves, which keep where they were sold: what is registered today changes nothing in the past.
 */
export const queryRevenue =
  ({ sessions, running }: RevenuePorts) =>
  async (given: Readonly<Record<string, unknown>>) => {
    const { filter, from, to } = argumentsOf(Arguments, given);
    const place = placeOf(filter.stationId, filter.siteId);
    bounded({ from, to }, DAYS, 'revenue');
    // Before the ended ones: a session that ends in between is among both, and counts once.
    const connectors = await (place.by === 'station' ? running.ofStation(place.value) : running.ofSite(place.value));
    const open = connectors.flatMap(({ session, place: { timeZone } }) =>
      session === undefined ? [] : [{ ...session, timeZone }],
    );
    // The last hour may end after `to`.
    const ended = await sessions.sold({ ...place, fromAt: from, toAt: to + HOUR_MS });
    const hours = revenueHours(ended, open, { startAt: from, endAt: to });
    return {
      from: iso(from),
      to: iso(to),
      ...summed(hours),
      revenue: revenueOf(hours),
      hours: hours.map((hour) => {
        const revenue = revenueOf([hour]);
        return {
          startAt: iso(hour.startAt),
          ...summed([hour]),
          revenue,
          revenueMinor: revenue.length > 1 ? null : (revenue[0]?.minor ?? 0),
        };
      }),
    };
  };
