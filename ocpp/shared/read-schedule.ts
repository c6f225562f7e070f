import {
  type ChargingRate,
  type ChargingSchedule,
  MOST_PERIODS,
  type PhaseCount,
  type SchedulePeriod,
} from '../../domain/kernel/charging-profile.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { RateUnit } from '../../domain/profile/charging-rate.ts';
import { integerAt, listAt, numberAt, type Payload, textAt } from '../payload.ts';
import { parseInstant } from '../timing.ts';

/** An instant of a payload, ms since the epoch; undefined where there is none. */
export const instantAt = (payload: Payload, key: string): number | undefined => {
  const text = textAt(payload, key);
  return text === undefined ? undefined : parseInstant(text)?.at;
};

const rateOf = (value: number, unit: RateUnit): ChargingRate => (unit === 'W' ? { limitW: value } : { limitA: value });

const phaseAt = (payload: Payload, key: string): PhaseCount | undefined => {
  const value = integerAt(payload, key);
  return value === 1 || value === 2 || value === 3 ? value : undefined;
};

const periodOf = (period: Payload, unit: RateUnit): SchedulePeriod | undefined => {
  const [startSec, limit] = [integerAt(period, 'startPeriod'), numberAt(period, 'limit')];
  if (startSec === undefined || limit === undefined || limit < 0) return undefined;
  const phases = phaseAt(period, 'numberPhases');
  return { startSec, ...rateOf(limit, unit), ...omitUndefined({ phases, phaseToUse: phaseAt(period, 'phaseToUse') }) };
};

const unitOf = (schedule: Payload): RateUnit | undefined => {
  const unit = textAt(schedule, 'chargingRateUnit');
  return unit === 'W' || unit === 'A' ? unit : undefined;
};

/** The periods of a ChargingSchedule (or a composite one), ascending; undefined if one of them says no limit. */
export const periodsOf = (schedule: Payload): readonly SchedulePeriod[] | undefined => {
  const unit = unitOf(schedule);
  if (unit === undefined) return undefined;
  const told = listAt(schedule, 'chargingSchedulePeriod');
  const periods = told.map((period) => periodOf(period, unit)).filter((period) => period !== undefined);
  if (periods.length === 0 || periods.length < told.length || periods.length > MOST_PERIODS) return undefined;
  return periods.toSorted((a, b) => a.startSec - b.startSec);
};

/**
 * A ChargingSchedule with the kind its profile has; undefined if its effect cannot be told. An absolute one without a start
 * begins with the transaction (OCPP 1.6, 7.13).
 */
export const readSchedule = (profile: Payload, schedule: Payload): ChargingSchedule | undefined => {
  const [periods, unit] = [periodsOf(schedule), unitOf(schedule)];
  if (periods === undefined || unit === undefined) return undefined;
  const startAt = instantAt(schedule, 'startSchedule');
  const least = numberAt(schedule, 'minChargingRate');
  const minRate = least === undefined ? undefined : rateOf(least, unit);
  const rest = { periods, ...omitUndefined({ durationSec: integerAt(schedule, 'duration'), minRate }) };
  switch (textAt(profile, 'chargingProfileKind')) {
    case 'Relative':
      return { kind: 'relative', ...rest };
    case 'Absolute':
      return startAt === undefined ? { kind: 'relative', ...rest } : { kind: 'absolute', startAt, ...rest };
    case 'Recurring': {
      const recurrency = textAt(profile, 'recurrencyKind');
      const every = recurrency === 'Daily' ? 'day' : recurrency === 'Weekly' ? 'week' : undefined;
      return startAt === undefined || every === undefined ? undefined : { kind: 'recurring', every, startAt, ...rest };
    }
    default:
      return undefined;
  }
};
