import type { Window } from '../../domain/windows/window.ts';
import { packed, unpacked } from '../dynamodb/packed.ts';

/** Names of the measures of some rows, in order, and what the rows say besides. */
type Layout = readonly [measures: readonly string[], labels: Window['labels']];
/** Start after the item's own (ms), version, number of the layout, and the measures. */
type Row = readonly [offsetMs: number, version: number, layout: number, ...measures: number[]];
type Content = { readonly layouts: readonly Layout[]; readonly rows: readonly Row[] };

/** The layouts of rows as text. Rows of a quarter of an hour are packed again with each minute that comes to them. */
const layoutNames = new WeakMap<Window, string>();

const layoutName = (row: Window, layout: Layout): string => {
  const name = layoutNames.get(row) ?? JSON.stringify(layout);
  layoutNames.set(row, name);
  return name;
};

/**
 * Rows of one key of a series as one attribute. Rows of neighbouring minutes have the same names and labels, which are kept
 * once: fifteen of them take about as much as one by itself.
 */
export const packedRows = (windows: readonly Window[], itemAt: number): Uint8Array => {
  const layouts = new Map<string, { readonly index: number; readonly layout: Layout }>();
  const rows = windows.map((window): Row => {
    const { startAt, version, measures, labels } = window;
    const layout: Layout = [Object.keys(measures), labels];
    const name = layoutName(window, layout);
    const known = layouts.get(name) ?? { index: layouts.size, layout };
    layouts.set(name, known);
    return [startAt - itemAt, version, known.index, ...Object.values(measures)];
  });
  return packed({ layouts: [...layouts.values()].map(({ layout }) => layout), rows } satisfies Content, 'windows');
};

/** The rows that were packed, which are of this series and key. */
export const unpackedRows = (series: string, key: string, itemAt: number, bytes: Uint8Array): readonly Window[] => {
  // Items of this table have one writer: what it wrote is what comes back.
  const { layouts, rows } = unpacked(bytes, 'windows') as Content;
  return rows.map(([offsetMs, version, layout, ...values]) => {
    const [names, labels] = layouts[layout] ?? [[], {}];
    const measures = Object.fromEntries(names.map((name, index) => [name, values[index] ?? Number.NaN]));
    return { series, key, startAt: itemAt + offsetMs, version, measures, labels };
  });
};
