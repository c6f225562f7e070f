import { loadSeries } from '../load-series.ts';

/** Load of a station per minute. */
export const stationLoad1m = loadSeries({
  name: 'station_load_1m',
  keyedBy: '`stationId`',
  about: "sum of its connectors' means; a quiet connector in a session carries its last power forward",
  key: ({ stationId }) => stationId,
  onRead: { rows: 'all', keyNames: 'station' },
  labels: ({ place: { siteId, zoneId, region } }) => ({ siteId, zoneId, region }),
});
