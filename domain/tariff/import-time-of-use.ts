import { DAY_MS } from '../kernel/durations.ts';
import { type FieldReader, fieldReader } from '../kernel/field-reader.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { type Restrictions, type Tariff, type TariffElement, type Weekday, weekdays } from './tariff.ts';

/** A part of a published schedule: prices per kWh from an hour of the day on. */
type TimeOfUsePeriod = {
  readonly id: string;
  readonly season: NonNullable<Restrictions['season']>;
  readonly dowMask: string;
  /** Hours of the day, fractions allowed, from 0 on. */
  readonly times: readonly number[];
  readonly tariffs: readonly number[];
  readonly demandCharge: number;
};

export type ImportedTariff = { readonly tariff: Tariff; readonly warnings: readonly string[] };

const WEEKDAYS: readonly Weekday[] = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'];
const WEEKENDS: readonly Weekday[] = ['SATURDAY', 'SUNDAY'];

/** 'MM-DD'; also written 'M-D' in the wild. */
const monthDay = (reader: FieldReader, name: string): string => {
  const text = reader.needed(name, reader.text(name));
  const [, month, day] = /^(\d{1,2})-(\d{1,2})$/.exec(text) ?? [];
  if (month === undefined || day === undefined) return reader.refuse(name, `is no month and day (MM-DD): ${text}`);
  return `${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
};

const numbersOf = (reader: FieldReader, name: string): readonly number[] =>
  reader
    .needed(name, reader.list(name))
    .map((value) => (typeof value === 'number' ? value : reader.refuse(name, `must hold numbers: ${String(value)}`)));

const periodOf = (reader: FieldReader): TimeOfUsePeriod => {
  reader.onlyKnown(['id', 'effective_start', 'effective_end', 'dow_mask', 'times', 'tariffs', 'demand_charge']);
  const [times, tariffs] = [numbersOf(reader, 'times'), numbersOf(reader, 'tariffs')];
  if (times[0] !== 0) reader.refuse('times', 'must begin at 0: the hours before have no price');
  if (times.some((hours, index) => hours >= (times[index + 1] ?? 24))) reader.refuse('times', 'must rise, to below 24');
  if (tariffs.length !== times.length) reader.refuse('tariffs', `must be as many as times: ${times.length}`);
  if (tariffs.some((price) => Number(price.toFixed(6)) !== price))
    reader.refuse('tariffs', 'have six decimals at most');
  return {
    id: reader.needed('id', reader.text('id')),
    season: { from: monthDay(reader, 'effective_start'), to: monthDay(reader, 'effective_end') },
    dowMask: reader.needed('dow_mask', reader.text('dow_mask')),
    times,
    tariffs,
    demandCharge: reader.number('demand_charge') ?? 0,
  };
};

const timeOfDay = (hours: number): string => {
  const minutes = Math.round(hours * 60);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
};

/** Its days, and whether they had to be read from its name because the mask says ALL beside a twin for the other days. */
const daysOf = (
  period: TimeOfUsePeriod,
  all: readonly TimeOfUsePeriod[],
): { days: readonly Weekday[] | undefined; fromName: boolean } => {
  if (period.dowMask === 'WEEKDAYS') return { days: WEEKDAYS, fromName: false };
  if (period.dowMask === 'WEEKENDS') return { days: WEEKENDS, fromName: false };
  if (period.dowMask !== 'ALL') throw new RangeError(`Unknown dow_mask ${period.dowMask} in ${period.id}`);
  const season = period.id.replace(/-(Weekday|Weekend)$/, '');
  const hasTwin = all.some((other) => other !== period && other.id.startsWith(`${season}-`));
  if (!hasTwin || season === period.id) return { days: undefined, fromName: false };
  return { days: period.id.endsWith('-Weekend') ? WEEKENDS : WEEKDAYS, fromName: true };
};

const elements = (period: TimeOfUsePeriod, days: readonly Weekday[] | undefined): TariffElement[] =>
  period.times.map((start, index) => {
    const end = period.times[index + 1];
    const restrictions: Restrictions = {
      season: period.season,
      ...(days === undefined ? {} : { daysOfWeek: days }),
      ...(start === 0 ? {} : { startTime: timeOfDay(start) }),
      ...(end === undefined ? {} : { endTime: timeOfDay(end) }),
    };
    return { components: [{ kind: 'energy', price: (period.tariffs[index] ?? 0).toFixed(6) }], restrictions };
  });

const LEAP_YEAR = Date.UTC(2028, 0);
const daysOfYear = Array.from({ length: 366 }, (_, index) =>
  new Date(LEAP_YEAR + index * DAY_MS).toISOString().slice(5, 10),
);

/** The days no element is about: energy would be given away on them. */
const unpriced = (all: readonly TariffElement[]): readonly string[] => {
  const isPriced = (day: string, weekday: Weekday): boolean =>
    all.some(({ restrictions: { season, daysOfWeek = weekdays } = {} }) => {
      if (season === undefined || !daysOfWeek.includes(weekday)) return false;
      const { from, to } = season;
      return from <= to ? day >= from && day <= to : day >= from || day <= to;
    });
  return daysOfYear.flatMap((day) =>
    weekdays.flatMap((weekday) => (isPriced(day, weekday) ? [] : [`${day} on a ${weekday}`])),
  );
};

/**
 * A time-of-use schedule, as utilities' tariffs are commonly collected, as a tariff of energy prices. Demand charges are billed
 * to sites, not sessions: named in a warning, as are days without a price. Throws RangeError with the place for a schedule it
 * does not understand.
 */
export const importTimeOfUse = (content: unknown, tariffId: string, currency: string): ImportedTariff => {
  const reader = fieldReader(content, '', 'A schedule');
  reader.onlyKnown(['name', 'effective', 'link', 'schedule']);
  const periods = reader.objects('schedule').map(periodOf);
  const warnings: string[] = [];
  const all = periods.flatMap((period) => {
    const { days, fromName } = daysOf(period, periods);
    if (fromName)
      warnings.push(`${period.id}: mask ALL would hide its twin; days taken from its name: ${days?.join(', ')}`);
    if (period.demandCharge > 0)
      warnings.push(`${period.id}: demand charge ${period.demandCharge} per kW is not part of session prices`);
    return elements(period, days);
  });
  const [free] = unpriced(all);
  if (free !== undefined) warnings.push(`there are days without a price, such as ${free}: nothing is charged on them`);
  return { tariff: { tariffId, ...omitUndefined({ name: reader.text('name') }), currency, elements: all }, warnings };
};
