import { loadSeries } from '../load-series.ts';

/** Load of a site per minute. */
export const siteLoad1m = loadSeries({
  name: 'site_load_1m',
  keyedBy: '`siteId`',
  about: 'load, capacity of all registered stations, utilisation',
  key: ({ place }) => place.siteId,
  onRead: { rows: 'latest', keyNames: 'site' },
  mark: ({ place }) => place.siteId,
  labels: ({ place: { zoneId, region } }) => ({ zoneId, region }),
});
