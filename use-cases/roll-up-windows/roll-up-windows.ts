import pMap from 'p-map';
import { chunksOf } from '../../async/chunks-of.ts';
import type { CalendarSpan } from '../../domain/calendar/local-time.ts';
import { type FleetStation, fleetOf } from '../../domain/fleet/fleet-station.ts';
import { CLOCK_AHEAD_MS, DAY_MS, HOUR_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import { type DirtyMark, distinctMarks } from '../../domain/windows/dirty-mark.ts';
import { type FleetGroups, fleetGroups } from '../../domain/windows/groups-of.ts';
import { rowDelayMs, rowDueAt } from '../../domain/windows/on-read.ts';
import { isSpanning, type RolledUp, type Series } from '../../domain/windows/series.ts';
import type { PendingMark } from '../ports/dirty-marks.ts';
import type { Fleet } from '../ports/fleet-scan.ts';
import type { SweepPart } from '../sweep-fleet/sweep-part.ts';
import { type ConcludePorts, concludeWindows } from './conclude-windows.ts';
import { families, familyOf, longest, spans } from './families.ts';
import { type Family, rollUp, tasksOf, type WindowsOf } from './roll-up.ts';
import type { SegmentWindows, WindowsOrder } from './segment-windows.ts';
import { SETTLING_MS } from './settling-ms.ts';

/** How far back windows are made up for after a standstill. */
const CATCH_UP_MS = 35 * DAY_MS;
/** Standstills longer than this are left to marks: those are worked off in as many runs as it takes. */
const AT_ONCE_MS = 2 * HOUR_MS;
/** After a standstill this much time is marked in one step. */
const STEP_MS = DAY_MS;
/** Windows of a day are computed for some stations at a time: a run may stop between them. */
const STATIONS_AT_ONCE = 250;
/** Marks of the same time are computed together: places overlap, and are read once then. */
const MARKS_AT_ONCE = 500;
const GROUPS_AT_ONCE = 4;
/** A run leaves room for the rest of its minute; what is left over stays marked. */
const BUDGET_MS = 35 * SECOND_MS;
/**
 * Late data of a key with more connectors than this in the whole fleet are worked off once an hour: in a network of that size
 * some connector is late nearly each minute, and each time all of them would be read.
 */
const WIDE_CONNECTORS = 5_000;

/** Windows whose rows are due in (sinceAt, untilAt]. */
const dueIn =
  (sinceAt: number, untilAt: number): WindowsOf =>
  ({ source }, timeZone) =>
    source.calendar(timeZone, sinceAt - rowDelayMs(source), untilAt).filter((window) => {
      const dueAt = rowDueAt(source, window);
      return dueAt > sinceAt && dueAt <= untilAt;
    });

/**
 * Windows of the piece that a mark stands for, as far as they have rows by now. One that shows what runs in it may have
 * something to show before it begins: an end that was stamped by a clock that runs ahead. Nothing would mark it again.
 */
const inPiece =
  (pieceAt: number, now: number): WindowsOf =>
  ({ source }, timeZone) => {
    const [piece] = source.late.piece(timeZone, pieceAt, pieceAt + 1);
    if (piece === undefined) return [];
    const hasRow = (window: CalendarSpan): boolean =>
      source.showsRunning === true ? window.startAt <= now + CLOCK_AHEAD_MS : rowDueAt(source, window) <= now;
    return source.calendar(timeZone, piece.startAt, piece.endAt).filter(hasRow);
  };

/** A segment's stations while its windows are rolled up. */
type Rolling = {
  readonly fleet: readonly FleetStation[];
  readonly groups: FleetGroups;
  readonly order: WindowsOrder;
  readonly now: number;
  /** Whether there is time for more. */
  readonly mayGoOn: () => boolean;
};

type CaughtUp = Pick<SegmentWindows, 'live' | 'marked'> & { readonly doneUntil: number };

/** Shares of the keys of single marks, or that the mark was left: by its place in the order. */
type Repeated = Pick<SegmentWindows, 'again' | 'done' | 'left'>;

/**
 * Windows above the base series, every minute: those that have just ended for the whole fleet, then whatever late data have
 * made wrong. Every step is a recomputation, so runs may overlap, stop anywhere and go on in the next minute. How far each
 * family of series has come is kept, and a standstill is made up for.
 *
 * Segments compute side by side: rows of keys of one station are written there, the others are merged in the end.
 */
export const rollUpWindows = (ports: ConcludePorts): SweepPart<WindowsOrder, SegmentWindows> => {
  const { dirty, warn, clock } = ports;
  const { live, again } = rollUp(ports);
  const conclude = concludeWindows(ports);

  /** Marks every piece in which windows ended between two instants. Returns their number. */
  const leaveToMarks = async (
    family: Family,
    groups: FleetGroups,
    sinceAt: number,
    untilAt: number,
  ): Promise<number> => {
    const marks = tasksOf(family, groups.of, dueIn(sinceAt, untilAt), warn).flatMap(
      ({ series, group, windows }): DirtyMark[] => {
        const { mark: kind, piece } = series.source.late;
        const pieces = piece(group.timeZone, windows[0]?.startAt ?? 0, windows.at(-1)?.endAt ?? 0);
        return [...group.marks].flatMap((key) => pieces.map(({ startAt }) => ({ kind, key, startAt })));
      },
    );
    const distinct = distinctMarks(marks);
    await dirty.mark(distinct);
    return distinct.length;
  };

  /** Marks what ended in a standstill, a step at a time, as far as there is time for it. */
  const markStandstill = async (
    family: Family,
    { groups, mayGoOn }: Rolling,
    sinceAt: number,
    untilAt: number,
  ): Promise<CaughtUp> => {
    let [doneUntil, marked] = [sinceAt, 0];
    for (; doneUntil < untilAt && mayGoOn(); doneUntil = Math.min(doneUntil + STEP_MS, untilAt))
      marked += await leaveToMarks(family, groups, doneUntil, Math.min(doneUntil + STEP_MS, untilAt));
    return { live: [], marked, doneUntil };
  };

  /** Windows of single stations that have ended, some stations at a time; those there is no time for are marked. */
  const catchUpStations = async (
    family: Family,
    { fleet, groups, mayGoOn }: Rolling,
    sinceAt: number,
    untilAt: number,
  ): Promise<CaughtUp> => {
    let marked = 0;
    if (tasksOf(family, groups.of, dueIn(sinceAt, untilAt), warn).length > 0)
      for (const some of chunksOf(fleet, STATIONS_AT_ONCE)) {
        const ofSome = fleetGroups(some);
        if (mayGoOn()) await live(family, ofSome, sinceAt, dueIn(sinceAt, untilAt));
        else marked += await leaveToMarks(family, ofSome, sinceAt, untilAt);
      }
    return { live: [], marked, doneUntil: untilAt };
  };

  /** Windows that have ended since the last run, and those whose last data may still be arriving. */
  const catchUp = async (kind: string, family: Family, rolling: Rolling): Promise<CaughtUp> => {
    const { groups, order, now } = rolling;
    const sizeMs = longest(family, (series) => series.sizeMs);
    const settleMs = longest(family, ({ source }) => source.settleMs);
    // The first run of all computes the last window.
    const first = now - Math.max(0, sizeMs - settleMs);
    const together = order.whole[kind] ?? first;
    const done = spans(family) ? together : (order.own[kind] ?? first);
    // What was still settling when the sweep last ran is computed again, however long ago that was.
    const sinceAt = Math.max(Math.min(done, now) - settleMs, now - CATCH_UP_MS);
    if (now - sinceAt > Math.max(AT_ONCE_MS, sizeMs)) return markStandstill(family, rolling, sinceAt, now);
    // Where nothing is computed a second time, what was written last must be readable by now.
    if (!spans(family))
      return catchUpStations(family, rolling, sinceAt, settleMs > 0 ? now : Math.max(sinceAt, now - SETTLING_MS));
    // The others went on while this segment could not be swept.
    const missed = Math.max(Math.min(order.own[kind] ?? together, together) - settleMs, now - CATCH_UP_MS);
    const marked = missed < sinceAt ? await leaveToMarks(family, groups, missed, sinceAt) : 0;
    return { live: await live(family, groups, sinceAt, dueIn(sinceAt, now)), marked, doneUntil: now };
  };

  /** Computes what marks of one time and kind name: shares by the key of their mark. */
  const repeatMarks = async (
    marks: readonly PendingMark[],
    { groups, now }: Rolling,
  ): Promise<ReadonlyMap<string, SegmentWindows['again'][number]['shares']>> => {
    const [first] = marks;
    if (first === undefined) return new Map();
    const keys = new Set(marks.map(({ key }) => key));
    // A mark of series there are no more is only cleared.
    const shares = await again(familyOf(first.kind), groups, keys, inPiece(first.startAt, now));
    return Map.groupBy(shares, ({ mark }) => mark);
  };

  const repeat = async (rolling: Rolling, segments: number): Promise<Repeated> => {
    const { groups, order, mayGoOn } = rolling;
    const marks = order.marks.map((mark, index) => ({ ...mark, index }));
    const concerned = ({ kind, key }: PendingMark) =>
      familyOf(kind).flatMap((series: Series<RolledUp>) =>
        groups.marked(series, [key]).map((group) => ({ series, group })),
      );
    const [left, done]: [number[], number[]] = [[], []];
    const again: SegmentWindows['again'][number][] = [];
    const due = marks.filter((mark) => {
      const touched = concerned(mark);
      const isWide = touched.some(
        ({ series, group }) => isSpanning(series) && group.connectors.length * segments > WIDE_CONNECTORS,
      );
      if (isWide && !order.isHourly) left.push(mark.index);
      else if (touched.length > 0) return true;
      return false;
    });
    const works = [...Map.groupBy(due, ({ kind, startAt }) => `${kind}|${startAt}`).values()].flatMap((some) =>
      chunksOf(some, MARKS_AT_ONCE),
    );
    await pMap(
      works,
      async (some) => {
        if (!mayGoOn()) {
          left.push(...some.map(({ index }) => index));
          return;
        }
        const shares = await repeatMarks(some, rolling);
        for (const { index, key } of some) {
          done.push(index);
          const ofMark = shares.get(key);
          if (ofMark !== undefined) again.push({ mark: index, shares: ofMark });
        }
      },
      // Most of a roll-up is waiting for the stores: some go side by side.
      { concurrency: GROUPS_AT_ONCE },
    );
    return { again, done, left };
  };

  const inSegment = async (
    { stations, connectors }: Fleet,
    order: WindowsOrder,
    now: number,
  ): Promise<SegmentWindows> => {
    const startedAt = clock();
    const registrations = stations.flatMap(({ registration }) => registration ?? []);
    const states = new Map(stations.map(({ stationId, state }) => [stationId, state]));
    const fleet = fleetOf(registrations, connectors, (stationId) => states.get(stationId));
    const mayGoOn = (): boolean => clock() - startedAt <= BUDGET_MS;
    const rolling: Rolling = { fleet, groups: fleetGroups(fleet), order, now, mayGoOn };
    const failed: string[] = [];
    /** One part that fails does not keep the others from being done; the run still fails, and is seen. */
    const attempt = async <Value>(part: string, work: () => Promise<Value>): Promise<Value | undefined> => {
      try {
        return await work();
      } catch (error) {
        warn('sweepPartFailed', { part, error: String(error) });
        failed.push(`${part}: ${String(error)}`);
        return undefined;
      }
    };
    const doneUntil: Record<string, number> = {};
    const shares: SegmentWindows['live'][number][] = [];
    let marked = 0;
    for (const [kind, family] of families) {
      const caughtUp = await attempt(kind, () => catchUp(kind, family, rolling));
      if (caughtUp === undefined) continue;
      doneUntil[kind] = caughtUp.doneUntil;
      for (const share of caughtUp.live) shares.push(share);
      marked += caughtUp.marked;
    }
    const repeated = await attempt('repeat', () => repeat(rolling, order.segments));
    const nothing: Repeated = { again: [], done: [], left: order.marks.map((_, index) => index) };
    return { doneUntil, live: shares, marked, ...(repeated ?? nothing), failed };
  };

  return { begin: conclude, inSegment };
};
