import { loadSeries } from '../load-series.ts';

/** Load of a zone per minute. */
export const zoneLoad1m = loadSeries({
  name: 'zone_load_1m',
  keyedBy: '`zoneId`',
  about: 'load, capacity of all registered stations, utilisation',
  key: ({ place }) => place.zoneId,
});
