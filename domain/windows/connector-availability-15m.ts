import { type Availability, availability, availabilityMeasures } from '../availability/availability.ts';
import type { Series } from './series.ts';

/** Availability of one connector over the last quarter of an hour, every minute: computed on read from its status marks. */
export const connectorAvailability15m: Series<Availability> = {
  name: 'connector_availability_15m',
  sizeMs: 900_000,
  hopMs: 60_000,
  keyedBy: 'connector (stationId#evseId#connectorId)',
  stored: false,
  measures: availabilityMeasures,
  empty: { fromAt: 0, toAt: 900_000, connectors: [[]] },
  measure: availability,
};
