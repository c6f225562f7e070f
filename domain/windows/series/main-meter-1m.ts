import { MINUTE_MS } from '../../kernel/durations.ts';
import { omitUndefined } from '../../kernel/omit-undefined.ts';
import type { Series, Told } from '../series.ts';

/** The last main-meter reading of each minute: the other side of the sub-meter check. */
export const mainMeter1m: Series<Told> = {
  name: 'main_meter_1m',
  sizeMs: MINUTE_MS,
  hopMs: MINUTE_MS,
  keyedBy: '`stationId`',
  about: 'the last reading of the meter in front of a station',
  keptDays: 400,
  measures: { registerWh: 'total register', registerAt: 'instant of the reading, ms', powerW: 'power as sampled' },
  source: {
    kind: 'told',
    ofStation: ({ state, registration }) =>
      state.outbox
        .filter((change) => change.type === 'MainMeterMeasured')
        .map(({ at, energyWh, powerW }) => {
          const startAt = Math.floor(at / MINUTE_MS) * MINUTE_MS;
          return {
            series: mainMeter1m.name,
            key: state.stationId,
            startAt,
            // The later reading of a minute counts, whichever came first.
            version: at - startAt + 1,
            measures: omitUndefined({ registerAt: at, registerWh: energyWh, powerW }),
            labels: omitUndefined({ siteId: registration?.siteId, zoneId: registration?.zoneId }),
          };
        }),
  },
};
