import { isRolledUp, isToldSeries, type RolledUp, type Series, type Told } from '../series.ts';
import { connector1m } from './connector-1m.ts';
import { connectorAvailability15m } from './connector-availability-15m.ts';
import { mainMeter1m } from './main-meter-1m.ts';
import { networkAvailability5m } from './network-availability-5m.ts';
import { siteLoad1m } from './site-load-1m.ts';
import { stationLoad1m } from './station-load-1m.ts';
import { stationRevenue1h } from './station-revenue-1h.ts';
import { subMeter1h } from './sub-meter-1h.ts';
import { uptime1d } from './uptime-1d.ts';
import { zoneLoad1m } from './zone-load-1m.ts';

/** Every series there is. A new one: a file beside this, a line here. */
export const allSeries: readonly Series[] = [
  connector1m,
  stationLoad1m,
  zoneLoad1m,
  siteLoad1m,
  networkAvailability5m,
  connectorAvailability15m,
  stationRevenue1h,
  uptime1d,
  mainMeter1m,
  subMeter1h,
];

/** The series whose rows are told by stations. */
export const toldSeries: readonly Series<Told>[] = allSeries.filter(isToldSeries);

/** The series that are rolled up and stored. */
export const rolledUpSeries: readonly Series<RolledUp>[] = allSeries
  .filter(isRolledUp)
  .filter(({ source }) => source.onRead?.rows !== 'all');

/** The series of that name, or undefined. */
export const seriesNamed = (name: string): Series | undefined => allSeries.find((series) => series.name === name);
