import { HOUR_MS } from '../../kernel/durations.ts';
import type { Measures } from '../../kernel/measures.ts';
import { omitUndefined } from '../../kernel/omit-undefined.ts';
import { sum } from '../../kernel/sum.ts';
import type { ComputedOnRead, Series } from '../series.ts';
import { mainMeter1m } from './main-meter-1m.ts';
import { stationLoad1m } from './station-load-1m.ts';

/** A main register beside the connectors behind it over one hour. */
export type SubMeterHour = {
  readonly fromAt: number;
  readonly toAt: number;
  /** Register readings of the main meter around and within the hour, in order of time. */
  readonly readings: readonly { readonly at: number; readonly energyWh: number }[];
  /** Energy of all the station's connectors within the hour. */
  readonly connectorsWh: number;
};

/** The register at an instant, by the line between the readings beside it; undefined outside of them. */
const registerWhAt = (readings: SubMeterHour['readings'], at: number): number | undefined => {
  const after = readings.find((reading) => reading.at >= at);
  const before = readings.findLast((reading) => reading.at <= at);
  if (after === undefined || before === undefined) return undefined;
  if (after.at === before.at) return after.energyWh;
  return before.energyWh + ((after.energyWh - before.energyWh) * (at - before.at)) / (after.at - before.at);
};

/** The readings within a stretch of time, with the ones beside it that its ends lie between. */
const around = (readings: SubMeterHour['readings'], fromAt: number, toAt: number): SubMeterHour['readings'] => {
  const first = readings.findLastIndex(({ at }) => at <= fromAt);
  const last = readings.findIndex(({ at }) => at >= toAt);
  return readings.slice(Math.max(0, first), last < 0 ? undefined : last + 1);
};

/**
 * What the main meter counted and the connectors did not: losses, auxiliary load, or a meter that errs.
 * A register that was reset within the hour says nothing about it, so nothing is claimed.
 */
export const subMeterMeasures = ({ fromAt, toAt, readings: known, connectorsWh }: SubMeterHour): Measures => {
  const readings = around(known, fromAt, toAt);
  const reset = readings.some((reading, index) => reading.energyWh < (readings[index - 1]?.energyWh ?? 0));
  const startWh = registerWhAt(readings, fromAt);
  const endWh = registerWhAt(readings, toAt);
  const mainWh = reset || startWh === undefined || endWh === undefined ? undefined : endWh - startWh;
  return omitUndefined({
    mainWh,
    connectorsWh,
    differenceWh: mainWh === undefined ? undefined : mainWh - connectorsWh,
    differencePercent: mainWh === undefined || mainWh === 0 ? undefined : (100 * (mainWh - connectorsWh)) / mainWh,
  });
};

/** A station's main meter beside the sum of its connectors, hour by hour. */
export const subMeter1h: Series<ComputedOnRead> = {
  name: 'sub_meter_1h',
  sizeMs: HOUR_MS,
  hopMs: HOUR_MS,
  keyedBy: '`stationId`',
  about: 'difference of the main meter to the sum of the connectors behind it',
  measures: {
    mainWh: 'main meter',
    connectorsWh: 'sum of connectors',
    differenceWh: 'main meter minus connectors',
    differencePercent: 'difference as part of the main meter',
  },
  source: {
    kind: 'onRead',
    rows: [mainMeter1m, stationLoad1m],
    statuses: false,
    marginMs: HOUR_MS,
    compute: ({ rows }, { startAt: fromAt, endAt: toAt }) => {
      const readings = rows(mainMeter1m)
        .flatMap(({ measures: { registerAt, registerWh } }) =>
          registerAt === undefined || registerWh === undefined ? [] : [{ at: registerAt, energyWh: registerWh }],
        )
        .filter(({ at }) => at >= fromAt - HOUR_MS && at <= toAt + HOUR_MS);
      const loads = rows(stationLoad1m).filter(({ startAt }) => startAt >= fromAt && startAt < toAt);
      if (readings.length === 0 && loads.length === 0) return undefined;
      const connectorsWh = sum(loads.map(({ measures }) => measures.energyWh ?? 0));
      return subMeterMeasures({ fromAt, toAt, readings, connectorsWh });
    },
  },
};
