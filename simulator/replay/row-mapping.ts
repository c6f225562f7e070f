import { createHash } from 'node:crypto';
import { isTopicSafe } from '../../domain/registry/station-id.ts';
import type { RecordedRow } from './recorded-row.ts';

/** Names of at most this many characters; longer ones are replaced by a digest. */
export const fitting = (name: string, length: number): string =>
  name.length <= length ? name : createHash('sha256').update(name).digest('hex').slice(0, length).toUpperCase();

const MAX_STATION_ID = 48;
const DIGEST = 8;

/** A station id in characters OCPP carries: accents go, runs of others become one dash. */
const carried = (recorded: string): string => {
  const plain = recorded
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9\-_=|@.]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return plain === '' ? 'station' : plain;
};

const withDigest = (name: string, recorded: string): string =>
  `${name.slice(0, MAX_STATION_ID - DIGEST - 1)}-${fitting(`${recorded}`.padEnd(DIGEST + 1), DIGEST)}`;

/**
 * The id each recorded station is sent under. One that OCPP and MQTT can carry is kept. Otherwise its accents go, other
 * characters become a dash, and where that is too long or another station's id, a digest of the recorded id ends it.
 */
export const stationIds = (recorded: Iterable<string>): ReadonlyMap<string, string> => {
  const names = [...new Set(recorded)];
  const taken = new Set(names.filter(isTopicSafe));
  const sent = new Map<string, string>();
  for (const name of names.toSorted()) {
    if (taken.has(name)) {
      sent.set(name, name);
      continue;
    }
    const plain = carried(name);
    const id = plain.length > MAX_STATION_ID || taken.has(plain) ? withDigest(plain, name) : plain;
    taken.add(id);
    sent.set(name, id);
  }
  return sent;
};

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
