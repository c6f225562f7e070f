import { loadMeasures, noLoad, type PlaceLoad, placeLoad } from './load.ts';
import type { Series } from './series.ts';

/** Load of a site per minute, recomputed from connector_1m. */
export const siteLoad1m: Series<PlaceLoad> = {
  name: 'site_load_1m',
  sizeMs: 60_000,
  hopMs: 60_000,
  keyedBy: 'site',
  stored: true,
  measures: loadMeasures,
  empty: noLoad,
  measure: placeLoad,
};
