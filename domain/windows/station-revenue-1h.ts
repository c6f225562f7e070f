import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { Series } from './series.ts';

/** What one session contributes to one hour. */
export type SessionHour = {
  /** Energy the meter counted within the hour. */
  readonly energyWh: number;
  /** Present in the hour of the stop, and only there: an open session completes nothing. */
  readonly completed?: { readonly energyWh: number; readonly durationMs: number };
  /** Share of the session's cost that belongs to this hour, in minor units of the currency. */
  readonly revenueMinor: number;
};

/** Sessions, energy and revenue of a station's connectors of one type per clock hour of the site. */
export const stationRevenue1h: Series<readonly SessionHour[]> = {
  name: 'station_revenue_1h',
  sizeMs: 3_600_000,
  hopMs: 3_600_000,
  keyedBy: 'stationId#connectorType',
  stored: true,
  measures: {
    sessionsCompleted: 'sessions that stopped in the hour',
    energyWh: 'energy the meters counted in the hour, open sessions included',
    meanEnergyWh: 'mean energy of a completed session',
    meanMinutes: 'mean duration of a completed session',
    revenueMinor:
      'revenue of the energy and time of this hour from sessions that have ended, minor units of the currency',
  },
  empty: [],
  measure: (sessions) => {
    const completed = sessions.flatMap((session) => (session.completed === undefined ? [] : [session.completed]));
    const mean = (of: (one: { energyWh: number; durationMs: number }) => number): number | undefined =>
      completed.length === 0 ? undefined : completed.reduce((sum, one) => sum + of(one), 0) / completed.length;
    return omitUndefined({
      sessionsCompleted: completed.length,
      energyWh: sessions.reduce((sum, session) => sum + session.energyWh, 0),
      meanEnergyWh: mean((one) => one.energyWh),
      meanMinutes: mean((one) => one.durationMs / 60_000),
      revenueMinor: sessions.reduce((sum, session) => sum + session.revenueMinor, 0),
    });
  },
};
