import * as z from 'zod';
import { statusIntervals } from '../../domain/availability/status-intervals.ts';
import { HOUR_MS } from '../../domain/kernel/durations.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { allSeries, seriesNamed } from '../../domain/windows/series/index.ts';
import type { ComputedOnRead, Series } from '../../domain/windows/series.ts';
import { isTakenBack, type Window } from '../../domain/windows/window.ts';
import { argumentsOf, id, range } from '../fields/arguments-of.ts';
import type { Timeline } from '../ports/timeline.ts';
import type { WindowStore } from '../ports/window-store.ts';
import { presentWindow } from './present.ts';

export type SeriesPorts = {
  readonly windows: Pick<WindowStore, 'read'>;
  readonly timeline: Pick<Timeline, 'marks'>;
  /** ms since the epoch. */
  readonly clock: () => number;
};

/** Windows of one answer: a day of minutes and a little, or two months of hours. */
const MOST_WINDOWS = 1500;
const Arguments = z.object({ name: z.string(), key: id.min(1), ...range });

/** The index of the first of some rows, ordered by their start, that starts at `at` or later. */
const firstFrom = (rows: readonly Window[], at: number): number => {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.startAt ?? at) < at) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** The windows of [from, to) that are over, computed from what is stored for the key. */
const computedRows = async (
  { windows, timeline, clock }: SeriesPorts,
  { name, sizeMs, hopMs }: Series,
  source: ComputedOnRead,
  key: string,
  { from, to: askedTo }: { readonly from: number; readonly to: number },
): Promise<Window[]> => {
  // One that is still running would claim the rest of its time: like those that are stored, it is there when it is over.
  const to = Math.min(askedTo, clock() - sizeMs + 1);
  if (to <= from) return [];
  const [fromAt, toAt] = [from - source.marginMs, to + sizeMs + source.marginMs];
  const rows = new Map<Series, readonly Window[]>();
  for (const series of source.rows) rows.set(series, await windows.read(series.name, [key], fromAt, toAt));
  const statuses = source.statuses ? statusIntervals(await timeline.marks(key, fromAt, toAt), fromAt, toAt) : [];
  // A window looks at the rows around it only: thousands of windows of a long range would each go through all of them.
  const aroundMs = sizeMs + source.marginMs;
  const around = (series: Series, startAt: number): readonly Window[] => {
    const all = rows.get(series) ?? [];
    return all.slice(firstFrom(all, startAt - aroundMs), firstFrom(all, startAt + sizeMs + aroundMs));
  };
  const found: Window[] = [];
  for (let startAt = Math.ceil(from / hopMs) * hopMs; startAt < to; startAt += hopMs) {
    const measures = source.compute(
      { rows: (series) => around(series, startAt), statuses },
      { startAt, endAt: startAt + sizeMs },
    );
    if (measures !== undefined) found.push({ series: name, key, startAt, version: 1, measures, labels: {} });
  }
  return found;
};

/** Rows of a series; of one that is not stored, computed now. Throws Rejected for a series or range there is not. */
export const querySeries = (ports: SeriesPorts) => async (given: Readonly<Record<string, unknown>>) => {
  const { name, key, from, to } = argumentsOf(Arguments, given);
  const series = seriesNamed(name);
  if (series === undefined)
    throw new Rejected(`There is no series ${name}: ${allSeries.map((one) => one.name).join(', ')}`);
  if (to <= from) throw new Rejected('to must be after from');
  if ((to - from) / series.hopMs > MOST_WINDOWS) {
    const hours = Math.floor((MOST_WINDOWS * series.hopMs) / HOUR_MS);
    throw new Rejected(`At most ${MOST_WINDOWS} windows in one request: ask for ${hours} hours of ${name} or less`);
  }
  const rows =
    series.source.kind === 'onRead'
      ? await computedRows(ports, series, series.source, key, { from, to })
      : await ports.windows.read(name, [key], from, to);
  const windows = rows.filter((row) => !isTakenBack(row)).map(presentWindow);
  return { name, key, sizeSec: series.sizeMs / 1000, windows };
};
