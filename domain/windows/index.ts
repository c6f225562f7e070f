import { connector1m } from './connector-1m.ts';
import { connectorAvailability15m } from './connector-availability-15m.ts';
import { mainMeter1m } from './main-meter-1m.ts';
import { networkAvailability5m } from './network-availability-5m.ts';
import { type AnySeries, entry } from './series.ts';
import { siteLoad1m } from './site-load-1m.ts';
import { stationLoad1m } from './station-load-1m.ts';
import { stationRevenue1h } from './station-revenue-1h.ts';
import { subMeter1h } from './sub-meter-1h.ts';
import { uptime1d } from './uptime-1d.ts';
import { zoneLoad1m } from './zone-load-1m.ts';

/** Every series there is. A new one: a file beside this, a line here. */
export const allSeries: readonly AnySeries[] = [
  entry(connector1m),
  entry(stationLoad1m),
  entry(zoneLoad1m),
  entry(siteLoad1m),
  entry(networkAvailability5m),
  entry(connectorAvailability15m),
  entry(stationRevenue1h),
  entry(uptime1d),
  entry(mainMeter1m),
  entry(subMeter1h),
];

/** The series of that name, or undefined. */
export const seriesNamed = (name: string): AnySeries | undefined => allSeries.find((series) => series.name === name);
