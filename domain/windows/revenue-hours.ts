import { type CalendarSpan, localHour } from '../calendar/local-time.ts';
import type { EndedSession } from '../kernel/ended-session.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { sum } from '../kernel/sum.ts';
import { energyByLocalHour, type SoldSession } from '../tariff/session-record.ts';
import { currenciesOf, revenueMeasures, type SessionHour } from './series/station-revenue-1h.ts';
import type { Window } from './window.ts';

/** A session that is still running, and the zone of its site. */
export type RunningSession = Pick<EndedSession, 'sessionId' | 'curve' | 'startedAt'> & { readonly timeZone: string };

/** What was sold in one clock hour of a site. */
export type RevenueHour = Pick<Window, 'startAt' | 'measures' | 'labels'>;

type HourOfSession = SessionHour & { readonly startAt: number };

const hoursOfEnded = ({ timeZone, endedAt, energyWh, durationMs, hours, cost }: SoldSession): HourOfSession[] => {
  const stoppedIn = localHour(timeZone, endedAt).startAt;
  const priced = cost?.hours ?? [];
  const starts = new Set([...hours, ...priced].map(({ startAt }) => startAt).concat(stoppedIn));
  return [...starts].map((startAt) => {
    const paid = priced.filter((hour) => hour.startAt === startAt);
    return {
      startAt,
      energyWh: sum(hours.filter((hour) => hour.startAt === startAt).map((hour) => hour.energyWh)),
      revenueMinor: sum(paid.map(({ minor }) => minor)),
      ...omitUndefined({ currency: paid.length === 0 ? undefined : cost?.currency }),
      ...(startAt === stoppedIn ? { completed: { energyWh, durationMs } } : {}),
    };
  });
};

/** A session that still runs brings energy; its completion and revenue come when it ends. */
const hoursOfRunning = (session: RunningSession): HourOfSession[] =>
  energyByLocalHour(session, session.timeZone).map(({ startAt, energyWh }) => ({ startAt, energyWh, revenueMinor: 0 }));

/**
 * What sessions come to in the clock hours of their sites that start in a span, in order. Ended ones tell by themselves where
 * and what they sold, whatever is registered by now. One that is both among the ended and among the running counts once, as ended.
 */
export const revenueHours = (
  ended: readonly SoldSession[],
  running: readonly RunningSession[],
  span: CalendarSpan,
): readonly RevenueHour[] => {
  const known = new Set(ended.map(({ sessionId }) => sessionId));
  const hours = [
    ...ended.flatMap(hoursOfEnded),
    ...running.filter(({ sessionId }) => !known.has(sessionId)).flatMap(hoursOfRunning),
  ].filter(({ startAt }) => startAt >= span.startAt && startAt < span.endAt);
  return [...Map.groupBy(hours, ({ startAt }) => startAt)]
    .map(([startAt, ofHour]) => {
      const [currency] = currenciesOf(ofHour);
      return { startAt, measures: revenueMeasures(ofHour), labels: omitUndefined({ currency }) };
    })
    .toSorted((a, b) => a.startAt - b.startAt);
};
