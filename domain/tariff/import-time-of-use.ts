import type { Restrictions, Tariff, TariffElement, Weekday } from './tariff.ts';

/** A published time-of-use schedule as utilities' tariffs are commonly collected: prices per kWh from an hour of the day on. */
export type TimeOfUseSchedule = {
  readonly name: string;
  readonly effective: string;
  readonly schedule: readonly TimeOfUsePeriod[];
};
type TimeOfUsePeriod = {
  readonly id: string;
  /** 'MM-DD'; also written 'M-D' in the wild. */
  readonly effective_start: string;
  readonly effective_end: string;
  readonly dow_mask: string;
  /** Hours of the day, fractions allowed. */
  readonly times: readonly number[];
  readonly tariffs: readonly number[];
  readonly demand_charge?: number;
};

export type ImportedTariff = { readonly tariff: Tariff; readonly warnings: readonly string[] };

const WEEKDAYS: readonly Weekday[] = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'];
const WEEKENDS: readonly Weekday[] = ['SATURDAY', 'SUNDAY'];

const monthDay = (text: string): string => {
  const parts = /^(\d{1,2})-(\d{1,2})$/.exec(text);
  if (parts === null) throw new RangeError(`Not a month and day (MM-DD): ${text}`);
  return `${(parts[1] ?? '').padStart(2, '0')}-${(parts[2] ?? '').padStart(2, '0')}`;
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
  if (period.dow_mask === 'WEEKDAYS') return { days: WEEKDAYS, fromName: false };
  if (period.dow_mask === 'WEEKENDS') return { days: WEEKENDS, fromName: false };
  if (period.dow_mask !== 'ALL') throw new RangeError(`Unknown dow_mask ${period.dow_mask} in ${period.id}`);
  const season = period.id.replace(/-(Weekday|Weekend)$/, '');
  const hasTwin = all.some((other) => other !== period && other.id.startsWith(`${season}-`));
  if (!hasTwin || season === period.id) return { days: undefined, fromName: false };
  return { days: period.id.endsWith('-Weekend') ? WEEKENDS : WEEKDAYS, fromName: true };
};

const elements = (period: TimeOfUsePeriod, days: readonly Weekday[] | undefined): TariffElement[] =>
  period.times.map((start, index) => {
    const price = period.tariffs[index];
    if (price === undefined) throw new RangeError(`${period.id} has fewer prices than times`);
    const end = period.times[index + 1];
    const restrictions: Restrictions = {
      season: { from: monthDay(period.effective_start), to: monthDay(period.effective_end) },
      ...(days === undefined ? {} : { daysOfWeek: days }),
      ...(start === 0 ? {} : { startTime: timeOfDay(start) }),
      ...(end === undefined ? {} : { endTime: timeOfDay(end) }),
    };
    return { components: [{ kind: 'energy', price: price.toFixed(6) }], restrictions };
  });

/**
 * A time-of-use schedule as a tariff of energy prices. Demand charges are billed to sites, not sessions: named in a warning.
 * Throws RangeError for a schedule it does not understand.
 */
export const importTimeOfUse = (schedule: TimeOfUseSchedule, tariffId: string, currency: string): ImportedTariff => {
  const warnings: string[] = [];
  const all = schedule.schedule.flatMap((period) => {
    const { days, fromName } = daysOf(period, schedule.schedule);
    if (fromName)
      warnings.push(`${period.id}: mask ALL would hide its twin; days taken from its name: ${days?.join(', ')}`);
    if ((period.demand_charge ?? 0) > 0)
      warnings.push(`${period.id}: demand charge ${period.demand_charge} per kW is not part of session prices`);
    return elements(period, days);
  });
  return { tariff: { tariffId, name: schedule.name, currency, elements: all }, warnings };
};
