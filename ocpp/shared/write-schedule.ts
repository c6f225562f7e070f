import type { ChargingProfile, ChargingSchedule, SchedulePeriod } from '../../domain/kernel/charging-profile.ts';
import { iso } from '../../domain/kernel/iso.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { Payload } from '../payload.ts';

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
