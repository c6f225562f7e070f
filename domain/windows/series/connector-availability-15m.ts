import { availability, availabilityMeasures } from '../../availability/availability.ts';
import { MINUTE_MS, QUARTER_HOUR_MS } from '../../kernel/durations.ts';
import type { ComputedOnRead, Series } from '../series.ts';

/** Availability of one connector over a quarter of an hour, beginning at every minute. */
export const connectorAvailability15m: Series<ComputedOnRead> = {
  name: 'connector_availability_15m',
  sizeMs: QUARTER_HOUR_MS,
  hopMs: MINUTE_MS,
  keyedBy: '`stationId#evseId#connectorId`',
  about: 'one quarter of an hour per minute, from the statuses of the connector',
  measures: availabilityMeasures,
  source: {
    kind: 'onRead',
    rows: [],
    statuses: true,
    marginMs: 0,
    compute: ({ statuses }, { startAt: fromAt, endAt: toAt }) => {
      const within = statuses.filter((interval) => interval.fromAt < toAt && interval.toAt > fromAt);
      // Before its first word, or of a connector that there is not: nothing is known, which is not 0 %.
      if (within.every(({ status }) => status === 'unknown')) return undefined;
      return availability({ fromAt, toAt, connectors: [within] });
    },
  },
};
