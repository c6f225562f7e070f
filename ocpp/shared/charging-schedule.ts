import {
  type ChargingProfile,
  type ChargingRate,
  type ChargingSchedule,
  MOST_PERIODS,
  type PhaseCount,
  type ProfileChange,
  type ProfilePurpose,
  profilePurposes,
  type SchedulePeriod,
} from '../../domain/kernel/charging-profile.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { RateUnit } from '../../domain/profile/charging-rate.ts';
import { integerAt, listAt, numberAt, type Payload, textAt } from '../payload.ts';
import { parseInstant } from '../timing.ts';

const instantAt = (payload: Payload, key: string): number | undefined => {
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

/** The purposes by their names in a version. */
export type PurposeNames = Readonly<Record<ProfilePurpose, string>>;

export const purposeNamed = (names: PurposeNames, text: string | undefined): ProfilePurpose | undefined =>
  profilePurposes.find((purpose) => names[purpose] === text);

/** The criteria of a ClearChargingProfile; undefined where they name a purpose that no profile of ours can have. */
export const readCriteria = (
  names: PurposeNames,
  evseId: number | undefined,
  criteria: Payload,
): ProfileChange | undefined => {
  const text = textAt(criteria, 'chargingProfilePurpose');
  const purpose = purposeNamed(names, text);
  if (text !== undefined && purpose === undefined) return undefined;
  const stackLevel = integerAt(criteria, 'stackLevel');
  return { type: 'cleared', selector: omitUndefined({ evseId, purpose, stackLevel }) };
};

/** What a SetChargingProfile sets, of its parts; `unreadable` without a schedule whose effect can be told. */
export const readProfile = (
  names: PurposeNames,
  evseId: number,
  profileId: number | undefined,
  profile: Payload,
  schedule: ChargingSchedule | undefined,
): ProfileChange => {
  const purpose = purposeNamed(names, textAt(profile, 'chargingProfilePurpose'));
  const stackLevel = integerAt(profile, 'stackLevel');
  if (schedule === undefined || purpose === undefined || profileId === undefined || stackLevel === undefined)
    return { type: 'unreadable', evseId, ...omitUndefined({ purpose }) };
  const transactionId = purpose === 'tx' ? textAt(profile, 'transactionId') : undefined;
  const validity = omitUndefined({
    validFrom: instantAt(profile, 'validFrom'),
    validTo: instantAt(profile, 'validTo'),
  });
  const known = { purpose, evseId, stackLevel, profileId, schedule };
  return { type: 'set', profile: { ...known, ...validity, ...omitUndefined({ transactionId }) } };
};

const iso = (at: number): string => new Date(at).toISOString();

const writePeriod = ({ startSec, limitW, limitA, phases, phaseToUse }: SchedulePeriod): Payload => ({
  startPeriod: startSec,
  limit: limitW ?? limitA,
  ...omitUndefined({ numberPhases: phases, phaseToUse }),
});

/**
 * A ChargingSchedule of the wire; all its rates are in one unit and in steps of 0.1 already.
 */
export const writeSchedule = (schedule: ChargingSchedule): Payload => {
  const { periods, durationSec, minRate } = schedule;
  const startSchedule = schedule.kind === 'relative' ? undefined : iso(schedule.startAt);
  return {
    ...omitUndefined({ startSchedule, duration: durationSec }),
    chargingRateUnit: periods[0]?.limitA === undefined ? 'W' : 'A',
    chargingSchedulePeriod: periods.map(writePeriod),
    ...omitUndefined({ minChargingRate: minRate?.limitW ?? minRate?.limitA }),
  };
};

/** The fields of a profile that are named alike in all versions, but for its id, purpose and schedule. */
export const writeCommon = ({ stackLevel, schedule, validFrom, validTo }: ChargingProfile): Payload => ({
  stackLevel,
  chargingProfileKind: { absolute: 'Absolute', recurring: 'Recurring', relative: 'Relative' }[schedule.kind],
  ...(schedule.kind === 'recurring' && { recurrencyKind: schedule.every === 'day' ? 'Daily' : 'Weekly' }),
  ...omitUndefined({
    validFrom: validFrom === undefined ? undefined : iso(validFrom),
    validTo: validTo === undefined ? undefined : iso(validTo),
  }),
});
