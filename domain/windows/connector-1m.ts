import { type ConnectorKey, connectorPath } from '../kernel/connector-key.ts';
import type { Minute } from '../kernel/minute.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { Place } from '../registry/place.ts';
import type { Series } from './series.ts';
import type { Window } from './window.ts';

const MINUTE_MS = 60_000;

/** The base series: one connector-minute. Everything above it is recomputed from it. */
export const connector1m: Series<Minute> = {
  name: 'connector_1m',
  sizeMs: MINUTE_MS,
  hopMs: MINUTE_MS,
  keyedBy: 'connector (stationId#evseId#connectorId)',
  stored: true,
  measures: {
    energyWh: 'energy delivered within the minute, by register difference',
    meanW: 'mean power of the minute',
    maxW: 'highest sample',
    minW: 'lowest sample',
    samples: 'samples in the minute',
    socPercent: 'last state of charge',
    limitW: 'limit in force',
    registerWh: 'last reading inside the minute, Wh of its session',
    registerAt: 'instant of that reading, ms',
  },
  empty: { startAt: 0, energyWh: 0, samples: 0 },
  // A register is the better witness of mean power than samples are: it misses nothing between them.
  measure: (minute) =>
    omitUndefined({
      energyWh: minute.energyWh,
      meanW: minute.meanW ?? minute.energyWh * 60,
      maxW: minute.maxW,
      minW: minute.minW,
      samples: minute.samples,
      socPercent: minute.socPercent,
      limitW: minute.limitW,
      registerWh: minute.registerWh,
      registerAt: minute.registerAt,
    }),
};

/** The row of a connector-minute. */
export const connectorMinuteWindow = (key: ConnectorKey, place: Place, minute: Minute, version: number): Window => ({
  series: connector1m.name,
  key: connectorPath(key),
  startAt: minute.startAt,
  version,
  measures: connector1m.measure(minute),
  labels: {
    stationId: key.stationId,
    siteId: place.siteId,
    zoneId: place.zoneId,
    region: place.region,
    connectorType: place.connectorType,
    ...(minute.sessionId === undefined ? {} : { sessionId: minute.sessionId }),
  },
});
