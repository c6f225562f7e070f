import type { CalendarSpan } from '../calendar/local-time.ts';
import type { Group, Inputs, RolledUp, Series } from './series.ts';
import { sameContent, type Window, windowName } from './window.ts';

/** A row as computed; one that is empty is only written where an earlier row says otherwise. */
export type Recomputed = { readonly row: Window; readonly isEmpty: boolean };

/** Rows of one key of a series for some of its windows. `version` is the moment the inputs were read, ms. */
export const recompute = (
  { name, source }: Series<RolledUp>,
  group: Group,
  inputs: Inputs,
  windows: readonly CalendarSpan[],
  version: number,
): Recomputed[] =>
  windows.flatMap((window) => {
    const computed = source.compute(group, inputs, window);
    if (computed === undefined) return [];
    const { measures, labels, isEmpty = false } = computed;
    const row: Window = {
      series: name,
      key: group.key,
      startAt: window.startAt,
      version,
      measures,
      labels: { ...labels, ...group.labels },
    };
    return [{ row, isEmpty }];
  });

/**
 * The rows to write so that a range holds what was computed and nothing else: those that differ from the stored ones, and
 * stored ones in which nothing happened after all. A stored row that starts where no window does any more loses its measures;
 * one that outlasts its inputs stays.
 */
export const replacing = (
  stored: readonly Window[],
  fresh: readonly Recomputed[],
  version: number,
  outlasts: RolledUp['outlasts'] = () => false,
): Window[] => {
  const before = new Map(stored.map((row) => [windowName(row), row]));
  const computed = new Set(fresh.map(({ row }) => windowName(row)));
  const differs = (row: Window): boolean => {
    const known = before.get(windowName(row));
    return known === undefined || !(sameContent(known, row) || outlasts(known, row));
  };
  return [
    ...fresh
      .filter(({ row, isEmpty }) => (!isEmpty || before.has(windowName(row))) && differs(row))
      .map(({ row }) => row),
    ...stored
      .filter((row) => !computed.has(windowName(row)))
      .map((row) => ({ ...row, version, measures: {} }))
      .filter(differs),
  ];
};
