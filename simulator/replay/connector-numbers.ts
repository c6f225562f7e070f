import type { RecordedRow } from './recorded-row.ts';

const isNumber = (name: string): boolean => /^[1-9]\d?$/.test(name);

/** The lowest number no session of which still runs when this row starts: two sessions at once need two connectors. */
const freeNumbers = (rows: readonly RecordedRow[]): ReadonlyMap<RecordedRow, number> => {
  const freeFrom: number[] = [];
  const numbers = new Map<RecordedRow, number>();
  for (const row of rows.toSorted((a, b) => (a.startAt ?? 0) - (b.startAt ?? 0))) {
    const startAt = row.startAt ?? 0;
    const found = freeFrom.findIndex((at) => at <= startAt);
    const index = found < 0 ? freeFrom.length : found;
    freeFrom[index] = Math.max(startAt, row.endAt ?? startAt);
    numbers.set(row, index + 1);
  }
  return numbers;
};

/**
 * Connector numbers for the rows of one station. Where every row names one from 1 to 99 they are kept; other names are
 * numbered in their order; rows that name none share as few connectors as their times allow.
 */
export const connectorNumbers = (rows: readonly RecordedRow[]): ReadonlyMap<RecordedRow, number> => {
  const names = [...new Set(rows.map(({ connector }) => connector))];
  if (names.every(isNumber)) return new Map(rows.map((row) => [row, Number(row.connector)]));
  const named = names.filter((name) => name !== '').toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const nameless = freeNumbers(rows.filter(({ connector }) => connector === ''));
  return new Map(
    rows.map((row) => [
      row,
      row.connector === '' ? named.length + (nameless.get(row) ?? 1) : named.indexOf(row.connector) + 1,
    ]),
  );
};
