import type { Measures } from '../kernel/measures.ts';

/**
 * One row of a series. (series, key, startAt) names it; of two rows with one name the higher `version` counts,
 * an equal or lower one is stale and ignored: that is what makes replay harmless.
 */
export type Window = {
  readonly series: string;
  readonly key: string;
  /** Start, ms since the epoch. */
  readonly startAt: number;
  /** Positive integer: `rev` of the connector for connector_1m, the instant of reading (ms) for roll-ups. */
  readonly version: number;
  readonly measures: Measures;
  /** What the row is about besides its key: station, site, zone, region, connector type, session. */
  readonly labels: Readonly<Record<string, string>>;
};

/** A row as it is looked up again: its series and key are those that were asked for. */
export const windowName = ({ series, key, startAt }: Pick<Window, 'series' | 'key' | 'startAt'>): string =>
  `${series}#${key}@${startAt}`;

/** Of several rows with one name only the highest version, the later one among equals; order of first appearance. */
export const newestOfEach = (windows: readonly Window[]): Window[] => {
  const newest = new Map<string, Window>();
  for (const window of windows) {
    const name = windowName(window);
    const known = newest.get(name);
    if (known === undefined || window.version >= known.version) newest.set(name, window);
  }
  return [...newest.values()];
};

/** Whether two rows say the same, whatever their versions. */
export const sameContent = (one: Window, other: Window): boolean => {
  const left = { ...one.measures, ...one.labels };
  const right = { ...other.measures, ...other.labels };
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Reflect.get(left, name) === Reflect.get(right, name))
  );
};

/** Whether a row says nothing any more: what it said turned out not to be so, and stores only put rows over others. */
export const isTakenBack = ({ measures }: Window): boolean => Object.keys(measures).length === 0;

/** Windows by their start, and those of one start by their key. */
export const inOrder = (rows: readonly Window[]): readonly Window[] =>
  rows.toSorted((a, b) => a.startAt - b.startAt || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
