import { type CalendarSpan, localDays, localHours } from '../calendar/local-time.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../kernel/durations.ts';

/** The spans of a calendar that overlap [fromAt, toAt), whole and in order. */
export type Calendar = (timeZone: string, fromAt: number, toAt: number) => readonly CalendarSpan[];

/** Spans of one length on UTC's clock, whatever the zone. `sizeMs` divides a day. */
export const utcSpans =
  (sizeMs: number): Calendar =>
  (_, fromAt, toAt) => {
    const first = Math.floor(fromAt / sizeMs) * sizeMs;
    return Array.from({ length: Math.max(0, Math.ceil((toAt - first) / sizeMs)) }, (__, index) => {
      const startAt = first + index * sizeMs;
      return { startAt, endAt: startAt + sizeMs };
    });
  };

export const minutes = utcSpans(MINUTE_MS);
export const utcHours = utcSpans(HOUR_MS);
export const utcDays = utcSpans(DAY_MS);
/** Hours and days of the site's clock: clock changes make some shorter or longer. */
export const siteHours: Calendar = localHours;
export const siteDays: Calendar = localDays;
