import { connectorNumbers } from './connector-numbers.ts';
import { type Equipment, equipment } from './equipment.ts';
import type { RecordedRow } from './recorded-row.ts';
import { type Complete, rowFlaw } from './row-flaw.ts';
import { fitting, stationIds } from './station-ids.ts';

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
  /** What the file calls it. */
  readonly recordedAs: string;
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

const recording = (row: Started, connectorId: number, meterStartWh: number): Recording => {
  const opening = {
    id: row.id,
    // 20 characters is the length of an OCPP 1.6 idTag, 36 that of a 2.0.1 transaction id.
    tag: fitting(row.id, 20),
    transactionId: fitting(row.id, 36),
    connectorId,
    startAt: row.startAt,
    meterStartWh,
  };
  if (!isStopped(row)) return { ...opening, readings: [] };
  const energyWh = toMilliWh(row.energyKwh * 1000);
  const stop = { at: row.endAt, registerWh: toMilliWh(Math.max(0, meterStartWh + energyWh)) };
  const readings = energyWh < 0 ? [] : quarterReadings(row.startAt, row.endAt, meterStartWh, energyWh);
  return { ...opening, readings, stop };
};

const byKey = <T, K>(list: readonly T[], key: (item: T) => K): Map<K, T[]> => Map.groupBy(list, key);

/** A session that ends where another starts comes first, also when it has no length; one that never closed comes before both. */
const inOrder = (a: Started, b: Started): number =>
  a.startAt - b.startAt || (a.endAt ?? 0) - (b.endAt ?? 0) || a.id.localeCompare(b.id);

const connectorRecordings = (rows: readonly Started[], connectorId: number): Recording[] => {
  const recordings: Recording[] = [];
  let registerWh = INSTALLED_WH;
  for (const row of rows.toSorted(inOrder)) {
    const next = recording(row, connectorId, registerWh);
    registerWh = next.stop?.registerWh ?? registerWh;
    recordings.push(next);
  }
  return recordings;
};

/** Registers of OCPP 1.6 start and stop at whole Wh: a station whose energies are finer speaks 2.0.1. */
const hasFractions = (recordings: readonly Recording[]): boolean =>
  recordings.some(({ stop }) => stop !== undefined && !Number.isInteger(stop.registerWh));

/** Rows of one station whose session id another row has, but for upper and lower case: OCPP could not tell them apart. */
const repeatedIn = (rows: readonly RecordedRow[]): ReadonlySet<RecordedRow> => {
  const seen = new Set<string>();
  return new Set(
    rows.filter(({ stationId, id }) => {
      const name = JSON.stringify([stationId, id.toLowerCase()]);
      return seen.size === seen.add(name).size;
    }),
  );
};

/**
 * Turns recorded sessions into what each charger would deliver from its offline queue. A row without a usable end or energy
 * is a start whose stop never came; one with negative energy a meter that went back. A row without a start cannot have been
 * sent at all, nor a second one of the same id. Stations speak 1.6 and 2.0.1 in turn.
 */
export const replayPlan = (rows: readonly RecordedRow[]): ReplayPlan => {
  const describe = equipment();
  const sentAs = stationIds(rows.map(({ stationId }) => stationId));
  const repeated = repeatedIn(rows);
  const stations = [...byKey(rows, ({ stationId }) => stationId)].toSorted(([a], [b]) => a.localeCompare(b));
  return {
    rows: rows.length,
    rejected: rows.flatMap((row) => {
      const reason = repeated.has(row) ? 'another row has this session id' : rowFlaw(row);
      return reason === undefined ? [] : [{ id: row.id, reason }];
    }),
    stations: stations.map(([recordedAs, ofStation], index): StationPlan => {
      const numbers = connectorNumbers(ofStation);
      const connectors = [...byKey(ofStation, (row) => numbers.get(row) ?? 1)].toSorted(([a], [b]) => a - b);
      const model = ofStation.at(-1)?.equipment ?? '';
      const recordings = connectors
        .flatMap(([connectorId, ofConnector]) =>
          connectorRecordings(
            ofConnector.filter(isStarted).filter((row) => !repeated.has(row)),
            connectorId,
          ),
        )
        .toSorted((a, b) => a.startAt - b.startAt);
      return {
        stationId: sentAs.get(recordedAs) ?? recordedAs,
        recordedAs,
        site: ofStation.at(-1)?.site ?? '',
        model,
        ocpp: index % 2 === 0 && !hasFractions(recordings) ? '1.6' : '2.0.1',
        connectors: connectors.map(([connectorId]) => ({ connectorId, ...describe(model, connectorId) })),
        recordings,
      };
    }),
  };
};
