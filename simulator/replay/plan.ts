import { createHash } from 'node:crypto';
import { type Equipment, equipment } from './equipment.ts';
import type { RecordedRow } from './recorded-row.ts';
import { type Complete, rowFlaw } from './row-flaw.ts';

/** A look at the meter between start and stop. */
export type Reading = { readonly at: number; readonly registerWh: number };

/** A recorded session as its charger has it in its queue. */
export type Recording = {
  readonly id: string;
  readonly tag: string;
  /** Of OCPP 2.0.1; in 1.6 the CSMS gives the id. */
  readonly transactionId: string;
  readonly connectorId: number;
  readonly startAt: number;
  readonly meterStartWh: number;
  readonly readings: readonly Reading[];
  /** Absent when the session never closed. */
  readonly stop?: Reading;
};

export type StationPlan = {
  readonly stationId: string;
  readonly site: string;
  readonly model: string;
  readonly ocpp: '1.6' | '2.0.1';
  readonly connectors: readonly ({ readonly connectorId: number } & Equipment)[];
  readonly recordings: readonly Recording[];
};

export type Rejected = { readonly id: string; readonly reason: string };
export type ReplayPlan = {
  readonly rows: number;
  readonly stations: readonly StationPlan[];
  readonly rejected: readonly Rejected[];
};

const QUARTER_MS = 900_000;
/** A meter that has counted for years; far enough from zero for one that jumps back. */
const INSTALLED_WH = 25_000_000;

/** Names of at most this many characters; longer ones are replaced by a digest. 20 is the length of an OCPP 1.6 idTag. */
const fitting = (name: string, length: number): string =>
  name.length <= length ? name : createHash('sha256').update(name).digest('hex').slice(0, length).toUpperCase();

const toMilliWh = (energyWh: number): number => Math.round(energyWh * 1000) / 1000;

/** Register readings at every clock quarter inside the session, at constant power. */
const quarterReadings = (startAt: number, endAt: number, meterStartWh: number, energyWh: number): Reading[] => {
  const readings: Reading[] = [];
  for (let at = (Math.floor(startAt / QUARTER_MS) + 1) * QUARTER_MS; at < endAt; at += QUARTER_MS)
    readings.push({ at, registerWh: toMilliWh(meterStartWh + (energyWh * (at - startAt)) / (endAt - startAt)) });
  return readings;
};

type Started = RecordedRow & { readonly startAt: number };
const isStarted = (row: RecordedRow): row is Started => row.startAt !== undefined;

const isStopped = (row: Started): row is Complete =>
  row.endAt !== undefined && row.energyKwh !== undefined && row.endAt >= row.startAt;

const recording = (row: Started, meterStartWh: number): Recording => {
  const opening = {
    id: row.id,
    tag: fitting(row.id, 20),
    transactionId: fitting(row.id, 36),
    connectorId: row.connectorId,
    startAt: row.startAt,
    meterStartWh,
  };
  if (!isStopped(row)) return { ...opening, readings: [] };
  const energyWh = Math.round(row.energyKwh * 1000);
  const stop = { at: row.endAt, registerWh: Math.max(0, meterStartWh + energyWh) };
  const readings = energyWh < 0 ? [] : quarterReadings(row.startAt, row.endAt, meterStartWh, energyWh);
  return { ...opening, readings, stop };
};

const byKey = <T, K>(list: readonly T[], key: (item: T) => K): Map<K, T[]> => Map.groupBy(list, key);

/** A session that ends where another starts comes first, also when it has no length; one that never closed comes before both. */
const inOrder = (a: Started, b: Started): number =>
  a.startAt - b.startAt || (a.endAt ?? 0) - (b.endAt ?? 0) || a.id.localeCompare(b.id);

const connectorRecordings = (rows: readonly Started[]): Recording[] => {
  const recordings: Recording[] = [];
  let registerWh = INSTALLED_WH;
  for (const row of rows.toSorted(inOrder)) {
    const next = recording(row, registerWh);
    registerWh = next.stop?.registerWh ?? registerWh;
    recordings.push(next);
  }
  return recordings;
};

/**
 * Turns recorded sessions into what each charger would deliver from its offline queue. A row without a usable end or energy
 * is a start whose stop never came; one with negative energy a meter that went back. A row without a start cannot have been
 * sent at all. Stations speak 1.6 and 2.0.1 in turn.
 */
export const replayPlan = (rows: readonly RecordedRow[]): ReplayPlan => {
  const describe = equipment();
  const stations = [...byKey(rows, ({ stationId }) => stationId)].toSorted(([a], [b]) => a.localeCompare(b));
  return {
    rows: rows.length,
    rejected: rows.flatMap((row) => {
      const reason = rowFlaw(row);
      return reason === undefined ? [] : [{ id: row.id, reason }];
    }),
    stations: stations.map(([stationId, ofStation], index): StationPlan => {
      const connectors = [...byKey(ofStation, ({ connectorId }) => connectorId)].toSorted(([a], [b]) => a - b);
      const model = ofStation.at(-1)?.equipment ?? '';
      return {
        stationId,
        site: ofStation.at(-1)?.site ?? '',
        model,
        ocpp: index % 2 === 0 ? '1.6' : '2.0.1',
        connectors: connectors.map(([connectorId]) => ({ connectorId, ...describe(model, connectorId) })),
        recordings: connectors
          .flatMap(([, ofConnector]) => connectorRecordings(ofConnector.filter(isStarted)))
          .toSorted((a, b) => a.startAt - b.startAt),
      };
    }),
  };
};
