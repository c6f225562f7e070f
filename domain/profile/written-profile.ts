import { type ChargingProfile, MOST_PERIODS, type SchedulePeriod } from '../kernel/charging-profile.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { type RateUnit, rateW, type Supply, unitFor, writtenRate } from './charging-rate.ts';
import { HIGHEST_OWN_LEVEL } from './own-profile-id.ts';

/** What a station takes, as far as it is known. */
export type ProfileAbilities = {
  readonly rateUnits?: readonly RateUnit[];
  readonly maxStackLevel?: number;
  readonly maxPeriods?: number;
  /** Whether one phase can be chosen for a vehicle (OCPP 2.x: ACPhaseSwitchingSupported). */
  readonly switchesPhases?: boolean;
  /** Whether it takes a maximum for the station as a whole. */
  readonly hasStationMax?: boolean;
};

const faultsOfPlace = ({ purpose, evseId, transactionId, schedule }: ChargingProfile): string[] => [
  ...(!Number.isInteger(evseId) || evseId < 0 || evseId > 1000 ? ['The EVSE is a number from 0 to 1000'] : []),
  ...(purpose === 'tx' && evseId === 0 ? ['The profile of a transaction names its EVSE'] : []),
  ...(purpose === 'tx' && !transactionId ? ['The profile of a transaction names the transaction'] : []),
  ...(purpose !== 'tx' && transactionId !== undefined ? ['Only the profile of a transaction names one'] : []),
  ...(purpose === 'station-max' && evseId !== 0 ? ['The maximum of a station is set on EVSE 0'] : []),
  ...(purpose === 'station-max' && schedule.kind === 'relative'
    ? ['The maximum of a station cannot begin with a transaction']
    : []),
];

/** W or A. What is more is no limit, and near the end of the numbers it could not be written. */
const MOST_RATE = 1e9;

const faultsOfPeriods = ({ schedule }: ChargingProfile): string[] => {
  const { periods, durationSec } = schedule;
  const isAscending = periods.every(({ startSec }, index) => startSec > (periods[index - 1]?.startSec ?? -1));
  const rates = periods.map(({ limitW, limitA }) => limitW ?? limitA);
  return [
    ...(periods[0]?.startSec === 0 ? [] : ['The first period starts at 0']),
    ...(isAscending && periods.every(({ startSec }) => Number.isInteger(startSec))
      ? []
      : ['Periods start at whole seconds, each after the one before']),
    ...(rates.every((rate) => rate !== undefined && rate >= 0 && rate <= MOST_RATE)
      ? []
      : [`A limit is a number of at least 0 and at most ${MOST_RATE}`]),
    ...(durationSec !== undefined && !(Number.isInteger(durationSec) && durationSec > 0)
      ? ['A duration is a whole number of seconds above 0']
      : []),
  ];
};

const faultsOfPhases = ({ schedule }: ChargingProfile, current: 'AC' | 'DC', abilities: ProfileAbilities): string[] => {
  const { periods } = schedule;
  const namesPhases = ({ phases, phaseToUse }: SchedulePeriod) => phases !== undefined || phaseToUse !== undefined;
  const chosen = periods.filter(({ phaseToUse }) => phaseToUse !== undefined);
  return [
    ...(current === 'DC' && periods.some(namesPhases) ? ['Direct current has no phases'] : []),
    ...(chosen.some(({ phases }) => phases !== 1) ? ['A phase can be chosen for one phase only'] : []),
    ...(chosen.length > 0 && abilities.switchesPhases !== true ? ['The station cannot choose a phase'] : []),
  ];
};

/** Why a station must not be sent a profile (OCPP 1.6, 3.13; 2.0.1, K01); empty if it may. `now` is ms since the epoch. */
export const profileFaults = (
  profile: ChargingProfile,
  { current }: Supply,
  abilities: ProfileAbilities,
  now: number,
): readonly string[] => {
  const { stackLevel, validFrom, validTo, schedule, purpose } = profile;
  const most = Math.min(abilities.maxPeriods ?? MOST_PERIODS, MOST_PERIODS);
  const highest = Math.min(abilities.maxStackLevel ?? HIGHEST_OWN_LEVEL, HIGHEST_OWN_LEVEL);
  return [
    ...faultsOfPlace(profile),
    ...faultsOfPeriods(profile),
    ...faultsOfPhases(profile, current, abilities),
    ...(Number.isInteger(stackLevel) && stackLevel >= 0 && stackLevel <= highest
      ? []
      : [`The stack level is a number from 0 to ${highest}`]),
    ...(schedule.periods.length > most ? [`The station takes at most ${most} periods`] : []),
    ...(validTo !== undefined && validTo <= Math.max(now, validFrom ?? now) ? ['The profile is over already'] : []),
    ...(purpose === 'station-max' && abilities.hasStationMax === false
      ? ['The station takes no maximum for the whole']
      : []),
  ];
};

/**
 * A profile with its rates as the station takes them: in one unit, in steps of 0.1, with the number of phases for alternating
 * current, and never between 0 and the minimum (see `writtenRate`). Undefined if it takes no unit that would say it.
 */
export const writtenProfile = (
  profile: ChargingProfile,
  supply: Supply,
  { rateUnits }: ProfileAbilities,
  below: 'pause' | 'minimum',
): ChargingProfile | undefined => {
  const unit = unitFor(supply, rateUnits);
  if (unit === undefined) return undefined;
  const rateIn = (value: number) => (unit === 'W' ? { limitW: value } : { limitA: value });
  const { minRate, ...schedule } = profile.schedule;
  const periods = schedule.periods.map((period): SchedulePeriod => {
    const { limit, numberPhases: phases } = writtenRate(period, unit, supply, below);
    return { startSec: period.startSec, ...rateIn(limit), ...omitUndefined({ phases, phaseToUse: period.phaseToUse }) };
  });
  const least = minRate && writtenRate({ limitW: rateW(minRate, supply) }, unit, supply).limit;
  return {
    ...profile,
    schedule: { ...schedule, periods, ...(least !== undefined && { minRate: rateIn(least) }) },
  };
};
