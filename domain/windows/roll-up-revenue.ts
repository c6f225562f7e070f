import { type CalendarSpan, localHours } from '../calendar/local-time.ts';
import type { ActiveSession } from '../session/active-session.ts';
import { energyByLocalHour, type SessionRecord } from '../tariff/session-record.ts';
import { type SessionHour, stationRevenue1h } from './station-revenue-1h.ts';
import type { Window } from './window.ts';

const endedIn = (session: SessionRecord, { startAt, endAt }: CalendarSpan): SessionHour[] => {
  const energyWh = session.hours.find((hour) => hour.startAt === startAt)?.energyWh;
  const revenueMinor = session.cost?.hours.find((hour) => hour.startAt === startAt)?.minor ?? 0;
  const completed = session.endedAt >= startAt && session.endedAt < endAt;
  if (energyWh === undefined && !completed) return [];
  return [
    {
      energyWh: energyWh ?? 0,
      revenueMinor,
      ...(completed ? { completed: { energyWh: session.energyWh, durationMs: session.durationMs } } : {}),
    },
  ];
};

/**
 * Revenue rows of a station's connectors of one type for the site's clock hours that overlap [fromAt, toAt). `ended` are
 * all ended sessions that may overlap them, `open` those still running: they bring energy, and completions and revenue later.
 * Hours in which nothing happened have no row.
 */
export const rollUpRevenue = (
  key: string,
  timeZone: string,
  ended: readonly SessionRecord[],
  open: readonly ActiveSession[],
  fromAt: number,
  toAt: number,
  version: number,
): Window[] => {
  const running = open.map((session) => energyByLocalHour(session, timeZone));
  return localHours(timeZone, fromAt, toAt).flatMap((hour) => {
    const hours = [
      ...ended.flatMap((session) => endedIn(session, hour)),
      ...running.flatMap((slots) =>
        slots
          .filter(({ startAt }) => startAt === hour.startAt)
          .map(({ energyWh }): SessionHour => ({ energyWh, revenueMinor: 0 })),
      ),
    ];
    if (hours.length === 0) return [];
    // Of this hour: a place may change to a tariff in another currency.
    const currency = ended.find(({ cost }) => cost?.hours.some(({ startAt }) => startAt === hour.startAt))?.cost
      ?.currency;
    return [
      {
        series: stationRevenue1h.name,
        key,
        startAt: hour.startAt,
        version,
        measures: stationRevenue1h.measure(hours),
        labels: currency === undefined ? {} : { currency },
      },
    ];
  });
};
