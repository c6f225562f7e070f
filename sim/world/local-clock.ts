import { DAY_MS, SECOND_MS } from '../../domain/kernel/durations.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, ...fields, second: 'numeric', hourCycle: 'h23' });
  formats.set(timeZone, format);
  return format;
};

/** What the clocks of a zone show, as if it were UTC: ms since the epoch, whole seconds. */
const wallAt = (timeZone: string, at: number): number => {
  const shown = new Map(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const [year = 0, month = 1, day = 1] = [shown.get('year'), shown.get('month'), shown.get('day')];
  return Date.UTC(year, month - 1, day, shown.get('hour'), shown.get('minute'), shown.get('second'));
};

/** The hour clocks of a zone show, 0 to 23. Apart from the calendar of the product, so that it can be held against that. */
export const hourOfDay = (timeZone: string, at: number): number => new Date(wallAt(timeZone, at)).getUTCHours();

/** When the day of a zone began in which an instant lies, ms since the epoch. */
export const dayStart = (timeZone: string, at: number): number => {
  const wall = wallAt(timeZone, at);
  const midnight = wall - (wall % DAY_MS);
  const whole = at - (at % SECOND_MS);
  const guess = midnight - (wall - whole);
  return midnight - (wallAt(timeZone, guess) - guess);
};

/** The month of a zone, 'YYYY-MM'. */
export const monthOf = (timeZone: string, at: number): string =>
  new Date(wallAt(timeZone, at)).toISOString().slice(0, 7);
