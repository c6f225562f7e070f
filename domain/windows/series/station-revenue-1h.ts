import type { CalendarSpan } from '../../calendar/local-time.ts';
import { HOUR_MS, LATE_AFTER_MS, LONGEST_SESSION_MS, MINUTE_MS } from '../../kernel/durations.ts';
import { mean } from '../../kernel/mean.ts';
import type { Measures } from '../../kernel/measures.ts';
import { omitUndefined } from '../../kernel/omit-undefined.ts';
import { sum } from '../../kernel/sum.ts';
import { UNREGISTERED } from '../../registry/place.ts';
import { energyByLocalHour, type SessionRecord } from '../../tariff/session-record.ts';
import { siteHours, utcDays } from '../calendar.ts';
import { type RolledUp, rolledUp, type Series } from '../series.ts';
import type { Window } from '../window.ts';

/** What one session contributes to one hour. */
export type SessionHour = {
  /** Energy the meter counted within the hour. */
  readonly energyWh: number;
  /** Present in the hour of the stop, and only there: an open session completes nothing. */
  readonly completed?: { readonly energyWh: number; readonly durationMs: number };
  /** Share of the session's cost that belongs to this hour, in minor units of the currency. */
  readonly revenueMinor: number;
  /** ISO 4217; absent where nothing is priced in this hour. */
  readonly currency?: string;
};

/** The currencies of some sessions. Most hours have one; more where a place changes to another while sessions run. */
export const currenciesOf = (sessions: readonly SessionHour[]): readonly string[] => [
  ...new Set(sessions.flatMap(({ currency }) => currency ?? [])),
];

const REVENUE = 'revenueMinor';

/** What the rows of some hours come to in money, per currency, minor units; in the order in which the currencies appear. */
export const revenueOf = (
  rows: readonly Pick<Window, 'measures' | 'labels'>[],
): readonly { readonly currency: string; readonly minor: number }[] => {
  const totals = new Map<string, number>();
  const add = (currency: string, minor = 0): void => void totals.set(currency, (totals.get(currency) ?? 0) + minor);
  for (const { measures, labels } of rows) {
    if (labels.currency !== undefined) add(labels.currency, measures[REVENUE]);
    for (const [name, minor] of Object.entries(measures))
      if (name.startsWith(`${REVENUE}.`)) add(name.slice(REVENUE.length + 1), minor);
  }
  return [...totals].map(([currency, minor]) => ({ currency, minor }));
};

/** What the sessions of an hour come to. Revenue in a second currency is a measure of its own. */
export const revenueMeasures = (sessions: readonly SessionHour[]): Measures => {
  const completed = sessions.flatMap((session) => (session.completed === undefined ? [] : [session.completed]));
  const meanOf = (of: (one: { energyWh: number; durationMs: number }) => number) => mean(completed.map(of));
  const revenueIn = (isOf: (currency: string | undefined) => boolean): number =>
    sum(sessions.map((session) => (isOf(session.currency) ? session.revenueMinor : 0)));
  const others = currenciesOf(sessions).slice(1);
  return omitUndefined({
    sessionsCompleted: completed.length,
    energyWh: sum(sessions.map((session) => session.energyWh)),
    meanEnergyWh: meanOf((one) => one.energyWh),
    meanMinutes: meanOf((one) => one.durationMs / MINUTE_MS),
    [REVENUE]: revenueIn((currency) => currency === undefined || !others.includes(currency)),
    ...Object.fromEntries(others.map((other) => [`${REVENUE}.${other}`, revenueIn((currency) => currency === other)])),
  });
};

/**
 * The hours of a record that begin in one of the site's. They are the same, unless the zone of the site was corrected since:
 * then each hour that was recorded counts in the one it begins in, and none is lost.
 */
const hoursIn = <Hour extends { readonly startAt: number }>(
  hours: readonly Hour[],
  { startAt, endAt }: CalendarSpan,
): readonly Hour[] => hours.filter((hour) => hour.startAt >= startAt && hour.startAt < endAt);

const endedIn = (session: SessionRecord, hour: CalendarSpan): SessionHour[] => {
  const metered = hoursIn(session.hours, hour);
  const priced = hoursIn(session.cost?.hours ?? [], hour);
  const completed = session.endedAt >= hour.startAt && session.endedAt < hour.endAt;
  if (metered.length === 0 && !completed) return [];
  return [
    {
      energyWh: sum(metered.map(({ energyWh }) => energyWh)),
      revenueMinor: sum(priced.map(({ minor }) => minor)),
      // Of this hour: a place may change to a tariff in another currency.
      ...(priced.length === 0 ? {} : omitUndefined({ currency: session.cost?.currency })),
      ...(completed ? { completed: { energyWh: session.energyWh, durationMs: session.durationMs } } : {}),
    },
  ];
};

const keyOf = (stationId: string, connectorType: string): string => `${stationId}#${connectorType}`;

/** Sessions, energy and revenue of a station's connectors of one type per clock hour of the site. */
export const stationRevenue1h: Series<RolledUp> = {
  name: 'station_revenue_1h',
  sizeMs: HOUR_MS,
  hopMs: HOUR_MS,
  keyedBy: '`stationId#connectorType`',
  about: 'clock hour of the site; completions, energy and money',
  measures: {
    sessionsCompleted: 'sessions that stopped in the hour',
    energyWh: 'energy the meters counted in the hour, open sessions included',
    meanEnergyWh: 'mean energy of a completed session',
    meanMinutes: 'mean duration of a completed session',
    revenueMinor:
      'revenue of the energy and time of this hour from sessions that have ended, minor units of the currency',
    'revenueMinor.*': 'what of it is in another currency, where sessions of the hour were priced in several',
  },
  source: rolledUp({
    inputs: ['sessions'],
    // One that was registered while a car charged may have rows from before: what becomes of its session changes these, too.
    keys: ({ stationId, place: { connectorType, siteId, zoneId, region } }) =>
      [...new Set([connectorType, UNREGISTERED])].map((type) => ({
        key: keyOf(stationId, type),
        labels: { siteId, zoneId, region },
        mark: keyOf(stationId, connectorType),
      })),
    countsUnregistered: true,
    calendar: siteHours,
    compute: ({ key, stations, connectors, timeZone }, { sessions }, hour) => {
      const ended = stations
        .flatMap(sessions)
        .filter(({ stationId, connectorType }) => keyOf(stationId, connectorType) === key);
      const open = connectors.flatMap(({ stationId, place, live }) =>
        keyOf(stationId, place.connectorType) === key ? (live?.session ?? []) : [],
      );
      const hours = [
        ...ended.flatMap((session) => endedIn(session, hour)),
        // Sessions still running bring energy; completions and revenue come later.
        ...open.flatMap((session) =>
          energyByLocalHour(session, timeZone)
            .filter(({ startAt }) => startAt === hour.startAt)
            .map(({ energyWh }): SessionHour => ({ energyWh, revenueMinor: 0 })),
        ),
      ];
      const [currency] = currenciesOf(hours);
      return {
        measures: revenueMeasures(hours),
        labels: omitUndefined({ currency }),
        isEmpty: hours.length === 0,
      };
    },
    showsRunning: true,
    settleMs: LATE_AFTER_MS,
    isQuiet: ({ live }) => live?.session === undefined,
    late: { mark: 'revenue', piece: utcDays, freshMs: 0, reachMs: LONGEST_SESSION_MS + HOUR_MS },
  }),
};
