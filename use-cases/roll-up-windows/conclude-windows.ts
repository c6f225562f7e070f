import { failedTogether } from '../../async/failed-together.ts';
import type { CalendarSpan } from '../../domain/calendar/local-time.ts';
import { SECOND_MS } from '../../domain/kernel/durations.ts';
import { type DirtyMark, distinctMarks } from '../../domain/windows/dirty-mark.ts';
import type { Recomputed } from '../../domain/windows/recompute.ts';
import { rolledUpSeries } from '../../domain/windows/series/index.ts';
import { isSpanning, type Series, type Spanning } from '../../domain/windows/series.ts';
import { mergedRows, type Share } from '../../domain/windows/share.ts';
import type { DirtyMarks, PendingMark } from '../ports/dirty-marks.ts';
import type { DoneUntil, Progress, SweepProgress, WindowFigures } from '../ports/sweep/sweep-progress.ts';
import type { PartRun } from '../sweep-fleet/sweep-part.ts';
import { families, familyOf, spans } from './families.ts';
import { rowsPut } from './put-rows.ts';
import { type RollUpPorts, replaceRows } from './roll-up.ts';
import type { SegmentWindows, WindowsOrder } from './segment-windows.ts';
import { SETTLING_MS } from './settling-ms.ts';

export type ConcludePorts = RollUpPorts & {
  readonly dirty: DirtyMarks;
  readonly progress: SweepProgress;
  /** Hears the figures of a whole run. */
  readonly tell?: (figures: WindowFigures, now: number) => void;
};

const MARKS_PER_RUN = 5_000;
/** Marks whose rows need all segments: what they come to is gathered in one place. */
const SPANNING_MARKS_PER_RUN = 2_000;
/** No conclusion from marks begins later than this after the run: what is left over stays marked. */
const BUDGET_MS = 42 * SECOND_MS;
/** The minute of an hour in which keys with very many connectors are computed again. */
const HOURLY_MINUTE = 17;

const spanning = new Map(rolledUpSeries.filter(isSpanning).map((series) => [series.name, series] as const));

const seriesOf = ({ series }: Share): Series<Spanning> => {
  const found = spanning.get(series);
  if (found === undefined) throw new Error(`Series ${series} is not merged from shares`);
  return found;
};

/** How far each segment has come; after the fleet was divided anew, as far as the last one of all. */
const ownProgress = (progress: Progress | undefined, segments: number): readonly DoneUntil[] => {
  const known = progress?.segments ?? [];
  if (known.length === segments) return known;
  const kinds = [...families.keys()].filter((kind) => known.length > 0 && known.every((own) => kind in own));
  const least = Object.fromEntries(kinds.map((kind) => [kind, Math.min(...known.map((own) => own[kind] ?? 0))]));
  return Array.from({ length: segments }, () => least);
};

/** How far a segment has come with the families whose shares were not lost. */
const doneWithout = (report: SegmentWindows | undefined, lost: ReadonlySet<string>): DoneUntil =>
  Object.fromEntries(Object.entries(report?.doneUntil ?? {}).filter(([kind]) => !lost.has(kind)));

const isSpanningMark = ({ kind }: PendingMark): boolean => spans(familyOf(kind));

const spanOf = (rows: readonly Recomputed[]): CalendarSpan => {
  const starts = rows.map(({ row }) => row.startAt);
  return {
    startAt: starts.reduce((first, at) => Math.min(first, at), Number.POSITIVE_INFINITY),
    endAt: starts.reduce((last, at) => Math.max(last, at), Number.NEGATIVE_INFINITY) + 1,
  };
};

const byKey = (shares: readonly Share[]): ReadonlyMap<string, readonly Share[]> =>
  Map.groupBy(shares, ({ series, key }) => `${series}|${key}`);

/** What becomes of the windows of keys that have stations in several segments, once all segments have told their shares. */
export const concludeWindows = (ports: ConcludePorts) => {
  const { windows, dirty, progress, clock, warn, tell = () => undefined } = ports;
  const { put, putChanged } = rowsPut(windows, warn);
  const replace = replaceRows(windows, put);

  /** Windows of the last minutes. Without all shares in them nobody can tell: they are left to marks. Returns the number of these. */
  const concludeLive = async (kind: string, shares: readonly Share[], sawAll: boolean): Promise<number> => {
    if (sawAll) {
      const merged = [...byKey(shares).values()].flatMap((ofKey) => {
        const [first] = ofKey;
        return first === undefined ? [] : mergedRows(ofKey, seriesOf(first).source.merge);
      });
      await putChanged(merged.flatMap(({ row, isEmpty }) => (isEmpty ? [] : [row])));
      return 0;
    }
    const marks = shares
      .filter(({ isQuiet }) => !isQuiet)
      .flatMap((share): DirtyMark[] => {
        const { startAt, endAt } = spanOf(share.rows);
        const pieces = share.rows.length === 0 ? [] : seriesOf(share).source.late.piece(share.timeZone, startAt, endAt);
        return pieces.map((piece) => ({ kind, key: share.mark, startAt: piece.startAt }));
      });
    const distinct = distinctMarks(marks);
    await dirty.mark(distinct);
    return distinct.length;
  };

  /** Rows that marks of one time name, from all shares in them. */
  const concludeAgain = async (shares: readonly Share[]): Promise<void> => {
    for (const [series, ofSeries] of Map.groupBy(shares, seriesOf)) {
      const merged = [...Map.groupBy(ofSeries, ({ key }) => key)].map(
        ([key, ofKey]) => [key, mergedRows(ofKey, series.source.merge)] as const,
      );
      await replace(series, new Map(merged), spanOf(merged.flatMap(([, rows]) => rows)));
    }
  };

  return async (now: number, segments: number): Promise<PartRun<WindowsOrder, SegmentWindows>> => {
    const startedAt = clock();
    const [known, pending] = await Promise.all([progress.read(), dirty.pending(MARKS_PER_RUN)]);
    const due = pending.filter(({ markedAt }) => markedAt <= startedAt - SETTLING_MS);
    const [together, alone] = [due.filter(isSpanningMark), due.filter((mark) => !isSpanningMark(mark))];
    const marks = [...alone, ...together.slice(0, SPANNING_MARKS_PER_RUN)];
    const own = ownProgress(known, segments);
    const whole = known?.whole ?? {};
    const isHourly = new Date(now).getUTCMinutes() === HOURLY_MINUTE;

    const conclude = async (reports: readonly (SegmentWindows | undefined)[]): Promise<WindowFigures> => {
      const told = reports.flatMap((report) => report ?? []);
      const sawAll = told.length === reports.length;
      const failures: unknown[] = told.flatMap(({ failed }) => failed);
      const wholeNow: Record<string, number> = { ...whole };
      /** Families whose shares came to nothing: no segment has come further with them. */
      const lost = new Set<string>();
      let marked = told.reduce((sum, report) => sum + report.marked, 0);
      for (const [kind, family] of families) {
        const ready = told.flatMap(({ doneUntil }) => doneUntil[kind] ?? []);
        if (!spans(family) || ready.length === 0) continue;
        const shares = told.flatMap(({ live }) => live.filter((share) => seriesOf(share).source.late.mark === kind));
        try {
          marked += await concludeLive(kind, shares, ready.length === reports.length);
          wholeNow[kind] = Math.min(...ready);
        } catch (error) {
          warn('sweepPartFailed', { part: kind, error: String(error) });
          failures.push(error);
          lost.add(kind);
        }
      }

      // Before the marks, which may take the rest of the minute: a run that is cut short there has caught up all the same.
      try {
        await progress.put({
          whole: wholeNow,
          segments: own.map((before, index) => ({ ...before, ...doneWithout(reports[index], lost) })),
        });
      } catch (error) {
        failures.push(error);
      }

      const left = new Set(told.flatMap((report) => report.left));
      const done = new Set(told.flatMap((report) => report.done));
      const isDone = (mark: PendingMark, index: number): boolean =>
        !left.has(index) && (sawAll || (!isSpanningMark(mark) && done.has(index)));
      const shares = Map.groupBy(
        told.flatMap((report) => report.again),
        ({ mark }) => mark,
      );
      const finished = marks.flatMap((mark, index) => (isDone(mark, index) ? [{ mark, index }] : []));
      let repeated = 0;
      for (const some of Map.groupBy(finished, ({ mark }) => `${mark.kind}|${mark.startAt}`).values()) {
        if (clock() - startedAt > BUDGET_MS) break;
        try {
          await concludeAgain(some.flatMap(({ index }) => shares.get(index) ?? []).flatMap((each) => each.shares));
          await dirty.clear(some.map(({ mark }) => mark));
          repeated += some.length;
        } catch (error) {
          warn('sweepPartFailed', { part: 'repeat', error: String(error) });
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failedTogether('Windows were not all rolled up', failures);
      const figures = { marked, repeated, left: due.length - repeated };
      tell(figures, now);
      return figures;
    };

    return {
      orderFor: (index) => ({ segments, whole, own: own[index] ?? {}, marks, isHourly }),
      conclude,
    };
  };
};
