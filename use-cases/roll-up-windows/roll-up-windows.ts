import pMap from 'p-map';
import { chunksOf } from '../../async/chunks-of.ts';
import { localDay } from '../../domain/calendar/local-time.ts';
import { type FleetStation, fleetOf } from '../../domain/fleet/fleet.ts';
import type { DirtyMarks, PendingMark, SweepProgress } from '../ports/dirty-marks.ts';
import type { Fleet } from '../sweep-fleet/read-fleet.ts';
import { type RollUpPorts, rollUp } from './roll-up.ts';

export type SweepWindowsPorts = RollUpPorts & {
  readonly dirty: Pick<DirtyMarks, 'pending' | 'clear'>;
  readonly progress: SweepProgress;
};

export type WindowFigures = { readonly days: number; readonly repeated: number; readonly left: number };

const DAY_MS = 86_400_000;
/** How far back days are made up for after a standstill. */
const CATCH_UP_MS = 35 * DAY_MS;
/** Rows and sessions just written may not be readable everywhere yet: their marks wait this long. */
const SETTLING_MS = 5_000;
const MARKS_PER_RUN = 5_000;
const GROUPS_AT_ONCE = 4;
/** Its place in the progress of the sweep, beside the sites. */
const AVAILABILITY = 'network_availability_5m';
/** A run leaves room for the rest of its minute; what is left over stays marked. */
const BUDGET_MS = 35_000;

/** Marks done at once: a zone may span sites, so an hour of load is computed for all dirty sites together. */
const workOf = ({ kind, key, startAt }: PendingMark): string =>
  kind === 'load' ? `load|${startAt}` : `${kind}|${key}|${startAt}`;

/**
 * Windows above connector_1m, every minute: the last minutes of the whole fleet, days that are over, then whatever late data
 * has made wrong. Every step is a recomputation, so runs may overlap, stop anywhere and go on in the next minute.
 */
export const rollUpWindows = (ports: SweepWindowsPorts) => {
  const { dirty, progress, warn, clock } = ports;
  const { liveLoad, liveAvailability, liveRevenue, uptimeDay, again } = rollUp(ports);

  const days = async (fleet: readonly FleetStation[], now: number): Promise<number> => {
    const done = await progress.all();
    let written = 0;
    for (const [siteId, stations] of Map.groupBy(fleet, ({ registration }) => registration.siteId)) {
      const timeZone = stations[0]?.registration.timeZone ?? 'UTC';
      const { startAt: today } = localDay(timeZone, now);
      const doneUntil = Math.max(done.get(siteId) ?? today - DAY_MS / 2, now - CATCH_UP_MS);
      for (let at = doneUntil; at < today; at = localDay(timeZone, at).endAt) {
        for (const { connectors } of stations)
          for (const connector of connectors) {
            await uptimeDay(connector, stations, at);
            written += 1;
          }
        await progress.put(siteId, localDay(timeZone, at).endAt);
      }
    }
    return written;
  };

  /** Nothing marks these windows when nothing changes: how far they are done is kept, and a standstill is made up for. */
  const availability = async (fleet: readonly FleetStation[], now: number): Promise<void> => {
    const done = (await progress.all()).get(AVAILABILITY);
    const until = await liveAvailability(fleet, now, done ?? now);
    if (until !== done) await progress.put(AVAILABILITY, until);
  };

  const repeat = async (fleet: readonly FleetStation[], startedAt: number): Promise<[number, number]> => {
    const due = (await dirty.pending(MARKS_PER_RUN)).filter(({ markedAt }) => markedAt <= startedAt - SETTLING_MS);
    const groups = [...Map.groupBy(due, workOf).values()];
    let repeated = 0;
    // Most of a roll-up is waiting for the stores: some go side by side, each of them on rows of its own.
    for (const some of chunksOf(groups, GROUPS_AT_ONCE)) {
      if (clock() - startedAt > BUDGET_MS) break;
      await pMap(
        some,
        async (marks) => {
          await again(fleet, marks);
          await dirty.clear(marks);
        },
        { concurrency: GROUPS_AT_ONCE },
      );
      repeated += some.length;
    }
    return [repeated, groups.length - repeated];
  };

  return async ({ stations, connectors }: Fleet, now: number): Promise<WindowFigures> => {
    const startedAt = clock();
    const registrations = stations.flatMap(({ registration }) => registration ?? []);
    const fleet = fleetOf(registrations, connectors);
    const failures: unknown[] = [];
    /** One part that fails does not keep the others from being done; the run still fails, and is seen. */
    const attempt = async <Value>(part: string, work: () => Promise<Value>, otherwise: Value): Promise<Value> => {
      try {
        return await work();
      } catch (error) {
        warn('sweepPartFailed', { part, error: String(error) });
        failures.push(error);
        return otherwise;
      }
    };
    await attempt('load', () => liveLoad(fleet, now), undefined);
    await attempt('availability', () => availability(fleet, now), undefined);
    await attempt('revenue', () => liveRevenue(fleet, now), undefined);
    const written = await attempt('days', () => days(fleet, now), 0);
    const [repeated, left] = await attempt('repeat', () => repeat(fleet, startedAt), [0, 0]);
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} parts of the window sweep failed`);
    return { days: written, repeated, left };
  };
};
