import { type InstalledProfile, withProfile } from './installed-profile.ts';
import type { Outlet } from './outlet-limit.ts';

/** What a station can keep and take. */
export type ProfileRules = {
  readonly ocpp: '1.6' | '2.0.1';
  readonly maxStackLevel: number;
  readonly maxPeriods: number;
  readonly maxInstalled: number;
  readonly units: readonly ('W' | 'A')[];
  /** Some stations know no limit of the station as a whole. */
  readonly stationMaximum: boolean;
  /** Whether a car can be connected to one phase of three, whichever is asked for. */
  readonly switchesPhases: boolean;
};

/** Why a profile is not taken, in the reason codes of OCPP 2.0.1 (part 2, appendix 5). */
export type ProfileRefusal =
  | 'DuplicateProfile'
  | 'InvalidProfile'
  | 'InvalidSchedule'
  | 'InvalidStackLevel'
  | 'MissingParam'
  | 'OutOfStorage'
  | 'TooManyElements'
  | 'TxNotFound'
  | 'UnknownEvse'
  | 'UnsupportedParam'
  | 'UnsupportedRateUnit';

const scheduleRefusal = ({ profile }: InstalledProfile, rules: ProfileRules): ProfileRefusal | undefined => {
  const { periods, kind, startAt, recurring, unit } = profile;
  const isAscending = periods.every(({ startSec }, index) =>
    index === 0 ? startSec === 0 : startSec > (periods[index - 1]?.startSec ?? 0),
  );
  if (!isAscending || (kind === 'Recurring' && recurring === undefined)) return 'InvalidSchedule';
  // OCPP 2.0.1 K01.FR.40 and .41; 1.6 lets an absolute schedule without a start begin with the transaction.
  if (kind === 'Relative' ? startAt !== undefined : rules.ocpp === '2.0.1' && startAt === undefined)
    return 'InvalidSchedule';
  // OCPP 2.0.1, ChargingSchedulePeriodType: a phase is chosen with one phase only, and where the station can switch.
  const choosing = periods.filter(({ phaseToUse }) => phaseToUse !== undefined);
  if (choosing.some(({ phases }) => phases !== 1 || !rules.switchesPhases)) return 'InvalidSchedule';
  if (!rules.units.includes(unit)) return 'UnsupportedRateUnit';
  return periods.length > rules.maxPeriods ? 'TooManyElements' : undefined;
};

const purposeRefusal = (
  added: InstalledProfile,
  installed: readonly InstalledProfile[],
  transactionOf: (evseId: number) => Outlet['transaction'],
  { ocpp, stationMaximum }: ProfileRules,
): ProfileRefusal | undefined => {
  const { evseId, profile } = added;
  const { purpose, kind, transactionId, stackLevel, profileId } = profile;
  // Only whoever is outside of the CSMS sets these (2.0.1 K01.FR.22).
  if (purpose === 'external-constraints') return 'InvalidProfile';
  if (purpose === 'station-maximum') {
    if (!stationMaximum) return 'UnsupportedParam';
    if (evseId !== 0) return 'InvalidProfile';
    if (kind === 'Relative') return 'InvalidSchedule';
  }
  if (purpose !== 'transaction') return ocpp === '2.0.1' && transactionId !== undefined ? 'InvalidProfile' : undefined;
  if (evseId === 0) return 'InvalidProfile';
  if (ocpp === '2.0.1' && transactionId === undefined) return 'MissingParam';
  const running = transactionOf(evseId);
  if (running === undefined || (transactionId !== undefined && transactionId !== running.transactionId))
    return 'TxNotFound';
  const isTaken = installed.some(
    ({ profile: other }) =>
      other.purpose === 'transaction' &&
      other.stackLevel === stackLevel &&
      other.transactionId === transactionId &&
      other.profileId !== profileId,
  );
  return ocpp === '2.0.1' && isTaken ? 'DuplicateProfile' : undefined;
};

/** Why a station does not take a profile; undefined when it does. */
export const profileRefusal = (
  added: InstalledProfile,
  installed: readonly InstalledProfile[],
  outlets: readonly Outlet[],
  rules: ProfileRules,
): ProfileRefusal | undefined => {
  const { evseId, profile } = added;
  const outletOf = (id: number) => outlets.find((outlet) => outlet.evseId === id);
  if (evseId !== 0 && outletOf(evseId) === undefined) return 'UnknownEvse';
  if (profile.stackLevel > rules.maxStackLevel) return 'InvalidStackLevel';
  if (withProfile(installed, added).length > rules.maxInstalled) return 'OutOfStorage';
  return purposeRefusal(added, installed, (id) => outletOf(id)?.transaction, rules) ?? scheduleRefusal(added, rules);
};
