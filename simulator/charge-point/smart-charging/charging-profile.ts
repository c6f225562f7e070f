/** A charging profile as it matters to the meter: both OCPP versions reduce to this. */
export type ChargingProfile = {
  readonly profileId: number;
  readonly purpose: string;
  readonly stackLevel: number;
  readonly unit: 'W' | 'A';
  readonly periods: readonly { readonly startSec: number; readonly limit: number; readonly phases?: number }[];
  /** Absolute or recurring start; a relative profile starts with the transaction. */
  readonly startAt?: number;
  readonly recurring?: 'Daily' | 'Weekly';
  readonly durationSec?: number;
  readonly validFrom?: number;
  readonly validTo?: number;
  readonly transactionId?: string | number;
};

const nominalV = 230;

const sameSlot = (one: ChargingProfile, other: ChargingProfile): boolean =>
  one.profileId === other.profileId || (one.purpose === other.purpose && one.stackLevel === other.stackLevel);

/** A new profile takes the place of the one with its id, or with its purpose and stack level (OCPP 1.6 5.16, 2.0.1 K01). */
export const withProfile = (profiles: readonly ChargingProfile[], added: ChargingProfile): ChargingProfile[] => [
  ...profiles.filter((profile) => !sameSlot(profile, added)),
  added,
];

const recurrenceSec = { Daily: 86_400, Weekly: 604_800 };

const periodLimitW = (
  profile: ChargingProfile,
  at: number,
  transactionStartedAt: number,
  phases: number,
): number | undefined => {
  if (profile.validFrom !== undefined && at < profile.validFrom) return undefined;
  if (profile.validTo !== undefined && at >= profile.validTo) return undefined;
  const elapsed = (at - (profile.startAt ?? transactionStartedAt)) / 1000;
  if (elapsed < 0) return undefined;
  const offset = profile.recurring ? elapsed % recurrenceSec[profile.recurring] : elapsed;
  if (profile.durationSec !== undefined && offset >= profile.durationSec) return undefined;
  const period = profile.periods.findLast(({ startSec }) => startSec <= offset);
  if (!period) return undefined;
  return profile.unit === 'W' ? period.limit : period.limit * nominalV * (period.phases ?? phases);
};

const highest = (
  profiles: readonly ChargingProfile[],
  purposes: readonly string[],
  limit: (profile: ChargingProfile) => number | undefined,
) =>
  profiles
    .filter(({ purpose }) => purposes.includes(purpose))
    .toSorted((a, b) => b.stackLevel - a.stackLevel)
    .map(limit)
    .find((value) => value !== undefined);

/**
 * The limit in force, W: of each purpose the highest valid stack level, a TxProfile before the TxDefaultProfile, and never
 * more than the station's own maximum. Infinity without any.
 */
export const limitW = (
  profiles: readonly ChargingProfile[],
  { at, transactionStartedAt, phases }: { at: number; transactionStartedAt: number; phases: number },
): number => {
  const limit = (profile: ChargingProfile) => periodLimitW(profile, at, transactionStartedAt, phases);
  const transaction = highest(profiles, ['TxProfile'], limit) ?? highest(profiles, ['TxDefaultProfile'], limit);
  const station = highest(profiles, ['ChargePointMaxProfile', 'ChargingStationMaxProfile'], limit);
  const external = highest(profiles, ['ChargingStationExternalConstraints'], limit);
  return Math.min(transaction ?? Infinity, station ?? Infinity, external ?? Infinity);
};
