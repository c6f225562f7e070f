import { type CalendarSpan, localMonth } from '../calendar/local-time.ts';

export const uptimeRules = ['nevi', 'uk'] as const;
export type UptimeRule = (typeof uptimeRules)[number];

/** Whether a text names a month there may be figures of: 'YYYY-MM', of this millennium or a later one. */
export const isReportMonth = (text: string): boolean => /^[2-9]\d{3}-(0[1-9]|1[0-2])$/.test(text);

/** How far a report's month has come by the clocks of its sites. */
export type PeriodState = 'complete' | 'unfinished' | 'future';

/** How far a month has come at an instant. `month` is 'YYYY-MM' of the zone; throws RangeError for any other text. */
export const periodState = (month: string, timeZone: string, now: number): PeriodState => {
  const { startAt, endAt } = localMonth(timeZone, month);
  if (now < startAt) return 'future';
  return now < endAt ? 'unfinished' : 'complete';
};

/**
 * The days a report for a month covers: NEVI looks at the twelve months that end with it, the UK rule at its calendar year
 * so far. `month` is 'YYYY-MM' of the site's zone; throws RangeError for any other text.
 */
export const reportPeriod = (rule: UptimeRule, month: string, timeZone: string): CalendarSpan => {
  const { endAt } = localMonth(timeZone, month);
  const year = Number(month.slice(0, 4));
  const number = Number(month.slice(5));
  const first =
    rule === 'uk' ? `${year}-01` : number === 12 ? `${year}-01` : `${year - 1}-${String(number + 1).padStart(2, '0')}`;
  return { startAt: localMonth(timeZone, first).startAt, endAt };
};
