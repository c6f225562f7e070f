import pMap from 'p-map';
import { chunksOf } from '../../async/chunks-of.ts';
import type { CalendarSpan } from '../../domain/calendar/local-time.ts';
import { type FleetStation, fleetOf } from '../../domain/fleet/fleet-station.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import { type DirtyMark, distinctMarks } from '../../domain/windows/dirty-mark.ts';
import { rowDelayMs, rowDueAt } from '../../domain/windows/on-read.ts';
import { rolledUpSeries } from '../../domain/windows/series/index.ts';
import type { RolledUp, Series } from '../../domain/windows/series.ts';
import type { DirtyMarks, PendingMark } from '../ports/dirty-marks.ts';
import type { Fleet } from '../ports/fleet-scan.ts';
import type { SweepProgress, WindowFigures } from '../ports/sweep-progress.ts';
import { type Family, type RollUpPorts, rollUp, tasksOf, type WindowsOf } from './roll-up.ts';

export type RollUpWindowsPorts = RollUpPorts & {
  readonly dirty: DirtyMarks;
  readonly progress: SweepProgress;
};

/** How far back windows are made up for after a standstill. */
const CATCH_UP_MS = 35 * DAY_MS;
/** Windows longer than this, and standstills, are left to marks: those are worked off in as many runs as it takes. */
const AT_ONCE_MS = 2 * HOUR_MS;
/** After a standstill this much time is marked in one step. */
const STEP_MS = DAY_MS;
/** Rows and sessions just written may not be readable everywhere yet: their marks wait this long. */
const SETTLING_MS = 5 * SECOND_MS;
const MARKS_PER_RUN = 5_000;
/** Marks of the same time are computed together: places overlap, and are read once then. */
const MARKS_AT_ONCE = 500;
const GROUPS_AT_ONCE = 4;
/** A run leaves room for the rest of its minute; what is left over stays marked. */
const BUDGET_MS = 35 * SECOND_MS;

/** Series by the name of their marks, which is the name of their progress too. */
const families: ReadonlyMap<string, Family> = Map.groupBy(rolledUpSeries, ({ source }) => source.late.mark);

const longest = (family: Family, of: (series: Series<RolledUp>) => number): number => Math.max(...family.map(of));

/** Windows whose rows are due in (sinceAt, untilAt]. */
const dueIn =
  (sinceAt: number, untilAt: number): WindowsOf =>
  ({ source }, timeZone) =>
    source.calendar(timeZone, sinceAt - rowDelayMs(source), untilAt).filter((window) => {
      const dueAt = rowDueAt(source, window);
      return dueAt > sinceAt && dueAt <= untilAt;
    });

/** Windows of the piece that a mark stands for, as far as they have rows by now. */
const inPiece =
  (pieceAt: number, now: number): WindowsOf =>
  ({ source }, timeZone) => {
    const [piece] = source.late.piece(timeZone, pieceAt, pieceAt + 1);
    if (piece === undefined) return [];
    const hasRow = (window: CalendarSpan): boolean =>
      source.showsRunning === true ? window.startAt <= now : rowDueAt(source, window) <= now;
    return source.calendar(timeZone, piece.startAt, piece.endAt).filter(hasRow);
  };

/**
 * Windows above the base series, every minute: those that have just ended for the whole fleet, then whatever late data have
 * made wrong. Every step is a recomputation, so runs may overlap, stop anywhere and go on in the next minute. How far each
 * family of series has come is kept, and a standstill is made up for.
 */
export const rollUpWindows = (ports: RollUpWindowsPorts) => {
  const { dirty, progress, warn, clock } = ports;
  const { live, again } = rollUp(ports);

  /** Marks every piece in which windows ended between two instants. Returns their number. */
  const leaveToMarks = async (
    kind: string,
    family: Family,
    fleet: readonly FleetStation[],
    sinceAt: number,
    untilAt: number,
  ): Promise<number> => {
    const marks = tasksOf(family, fleet, () => true, dueIn(sinceAt, untilAt), warn).flatMap(
      ({ series, group, windows }): DirtyMark[] => {
        const [fromAt, toAt] = [windows[0]?.startAt ?? 0, windows.at(-1)?.endAt ?? 0];
        const pieces = series.source.late.piece(group.timeZone, fromAt, toAt);
        return [...group.marks].flatMap((key) => pieces.map(({ startAt }) => ({ kind, key, startAt })));
      },
    );
    const distinct = distinctMarks(marks);
    await dirty.mark(distinct);
    return distinct.length;
  };

  /** Windows that have ended since the last run, and those whose last data may still be arriving. */
  const catchUp = async (
    [kind, family]: readonly [string, Family],
    fleet: readonly FleetStation[],
    now: number,
    startedAt: number,
  ): Promise<number> => {
    const sizeMs = longest(family, (series) => series.sizeMs);
    const settleMs = longest(family, ({ source }) => source.settleMs);
    // The first run of all computes the last window.
    const done = (await progress.all()).get(kind) ?? now - Math.max(0, sizeMs - settleMs);
    // What was still settling when the sweep last ran is computed again, however long ago that was.
    const sinceAt = Math.max(Math.min(done, now) - settleMs, now - CATCH_UP_MS);
    if (sizeMs <= AT_ONCE_MS && now - sinceAt <= AT_ONCE_MS) {
      await live(family, fleet, sinceAt, dueIn(sinceAt, now));
      await progress.put(kind, now);
      return 0;
    }
    let marked = 0;
    for (let fromAt = sinceAt; fromAt < now && clock() - startedAt <= BUDGET_MS; fromAt += STEP_MS) {
      const untilAt = Math.min(fromAt + STEP_MS, now);
      marked += await leaveToMarks(kind, family, fleet, fromAt, untilAt);
      await progress.put(kind, untilAt);
    }
    return marked;
  };

  /** Computes what marks name, all marks of one time and kind together, and clears them. */
  const repeatMarks = async (fleet: readonly FleetStation[], marks: readonly PendingMark[]): Promise<void> => {
    const [first] = marks;
    // A mark of series there are no more is only cleared.
    const family = families.get(first?.kind ?? '') ?? [];
    const keys = new Set(marks.map(({ key }) => key));
    const isConcerned = ({ marks: own }: { marks: ReadonlySet<string> }): boolean =>
      [...own].some((key) => keys.has(key));
    if (first !== undefined) await again(family, fleet, isConcerned, inPiece(first.startAt, clock()));
    await dirty.clear(marks);
  };

  const repeat = async (fleet: readonly FleetStation[], startedAt: number): Promise<Omit<WindowFigures, 'marked'>> => {
    const due = (await dirty.pending(MARKS_PER_RUN)).filter(({ markedAt }) => markedAt <= startedAt - SETTLING_MS);
    const works = [...Map.groupBy(due, ({ kind, startAt }) => `${kind}|${startAt}`).values()].flatMap((marks) =>
      chunksOf(marks, MARKS_AT_ONCE),
    );
    let repeated = 0;
    // Most of a roll-up is waiting for the stores: some go side by side.
    for (const some of chunksOf(works, GROUPS_AT_ONCE)) {
      if (clock() - startedAt > BUDGET_MS) break;
      await pMap(some, (marks) => repeatMarks(fleet, marks));
      repeated += some.flat().length;
    }
    return { repeated, left: due.length - repeated };
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
    let marked = 0;
    for (const family of families) marked += await attempt(family[0], () => catchUp(family, fleet, now, startedAt), 0);
    const figures = await attempt('repeat', () => repeat(fleet, startedAt), { repeated: 0, left: 0 });
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} parts of the window sweep failed`);
    return { marked, ...figures };
  };
};
