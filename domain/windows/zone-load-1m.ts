import { loadMeasures, noLoad, type PlaceLoad, placeLoad } from './load.ts';
import type { Series } from './series.ts';

/** Load of a zone per minute, recomputed from connector_1m. */
export const zoneLoad1m: Series<PlaceLoad> = {
  name: 'zone_load_1m',
  sizeMs: 60_000,
  hopMs: 60_000,
  keyedBy: 'zone',
  stored: true,
  measures: loadMeasures,
  empty: noLoad,
  measure: placeLoad,
};
