import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { Series } from './series.ts';

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

/**
 * What the main meter counted and the connectors did not: losses, auxiliary load, or a meter that errs.
 * A register that was reset within the hour says nothing about it, so nothing is claimed.
 */
export const subMeter1h: Series<SubMeterHour> = {
  name: 'sub_meter_1h',
  sizeMs: 3_600_000,
  hopMs: 3_600_000,
  keyedBy: 'station',
  stored: false,
  measures: {
    mainWh: 'main meter',
    connectorsWh: 'sum of connectors',
    differenceWh: 'main meter minus connectors',
    differencePercent: 'difference as part of the main meter',
  },
  empty: { fromAt: 0, toAt: 3_600_000, readings: [], connectorsWh: 0 },
  measure: ({ fromAt, toAt, readings, connectorsWh }) => {
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
  },
};
