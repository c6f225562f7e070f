import { loadMeasures, noLoad, type PlaceLoad, placeLoad } from './load.ts';
import type { Series } from './series.ts';

/** Load of a station per minute, recomputed from connector_1m. */
export const stationLoad1m: Series<PlaceLoad> = {
  name: 'station_load_1m',
  sizeMs: 60_000,
  hopMs: 60_000,
  keyedBy: 'station',
  stored: true,
  measures: loadMeasures,
  empty: noLoad,
  measure: placeLoad,
};
