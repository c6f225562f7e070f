import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { Series } from './series.ts';

/** Readings of a station's main meter within a minute: the last register, and power as sampled. */
export type MainMeterMinute = { readonly at: number; readonly energyWh?: number; readonly powerW?: number };

/** The last main-meter reading of each minute: the other side of the sub-meter check. */
export const mainMeter1m: Series<MainMeterMinute> = {
  name: 'main_meter_1m',
  sizeMs: 60_000,
  hopMs: 60_000,
  keyedBy: 'station',
  stored: true,
  measures: { registerWh: 'total register', registerAt: 'instant of the reading, ms', powerW: 'power as sampled' },
  empty: { at: 0 },
  measure: ({ at, energyWh, powerW }) => omitUndefined({ registerAt: at, registerWh: energyWh, powerW }),
};
