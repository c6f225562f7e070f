import type { Payload } from '../../../ocpp/payload.ts';

/** What a profile is for, whatever its version of OCPP calls it. */
export type ProfilePurpose = 'station-maximum' | 'default' | 'transaction' | 'external-constraints';

/** A charging profile as it matters to a charger: both OCPP versions reduce to this. Instants are ms since the epoch. */
export type ChargingProfile = {
  readonly profileId: number;
  readonly purpose: ProfilePurpose;
  readonly kind: 'Absolute' | 'Recurring' | 'Relative';
  readonly stackLevel: number;
  readonly unit: 'W' | 'A';
  /** `limit` is W over all phases, or A on each. */
  readonly periods: readonly {
    readonly startSec: number;
    readonly limit: number;
    readonly phases?: number;
    /** Of one phase: the conductor of the supply the car is connected to. */
    readonly phaseToUse?: number;
  }[];
  /** A profile without a start begins with the transaction. */
  readonly startAt?: number;
  readonly recurring?: 'Daily' | 'Weekly';
  readonly durationSec?: number;
  readonly validFrom?: number;
  readonly validTo?: number;
  readonly transactionId?: string | number;
  /** The profile in the words of the message that brought it: what is reported when the CSMS asks. */
  readonly asSent: Payload;
};

export type ProfilePeriod = ChargingProfile['periods'][number];

const recurrenceSec = { Daily: 86_400, Weekly: 604_800 };

const isValid = ({ validFrom = -Infinity, validTo = Infinity }: ChargingProfile, at: number): boolean =>
  validFrom <= at && at < validTo;

/** The period a profile is in at an instant; undefined while it says nothing. `startedAt`: when the transaction began. */
export const periodAt = (profile: ChargingProfile, at: number, startedAt: number): ProfilePeriod | undefined => {
  const elapsedSec = (at - (profile.startAt ?? startedAt)) / 1000;
  if (!isValid(profile, at) || elapsedSec < 0) return undefined;
  const offsetSec = profile.recurring ? elapsedSec % recurrenceSec[profile.recurring] : elapsedSec;
  if (offsetSec >= (profile.durationSec ?? Infinity)) return undefined;
  return profile.periods.findLast(({ startSec }) => startSec <= offsetSec);
};

/** Instants after `from` and up to `to` at which a profile may begin to say something else, in no order. */
export const changesBetween = (profile: ChargingProfile, from: number, to: number, startedAt: number): number[] => {
  const { periods, durationSec, recurring, validFrom, validTo } = profile;
  const start = profile.startAt ?? startedAt;
  const offsetsMs = [
    ...periods.map(({ startSec }) => startSec),
    ...(durationSec === undefined ? [] : [durationSec]),
  ].map((seconds) => seconds * 1000);
  const everyMs = recurring ? recurrenceSec[recurring] * 1000 : Infinity;
  const rounds = recurring ? Math.max(0, Math.floor((to - start) / everyMs)) : 0;
  const first = recurring ? Math.max(0, Math.floor((from - start) / everyMs)) : 0;
  const starts = recurring
    ? Array.from({ length: Math.max(0, rounds - first + 1) }, (_, round) => start + (first + round) * everyMs)
    : [start];
  const instants = starts.flatMap((begin) => offsetsMs.map((offsetMs) => begin + offsetMs));
  return [...instants, validFrom, validTo]
    .filter((instant) => instant !== undefined)
    .filter((instant) => from < instant && instant <= to);
};
