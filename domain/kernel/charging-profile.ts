/** A limit as it is written in a profile: power in all, W, or current per phase, A. */
export type ChargingRate =
  | { readonly limitW: number; readonly limitA?: never }
  | { readonly limitA: number; readonly limitW?: never };

export type PhaseCount = 1 | 2 | 3;

/**
 * What a charging profile limits.
 * `station-max`: the station as a whole (OCPP: ChargePointMaxProfile, ChargingStationMaxProfile).
 * `tx-default`: every transaction that has no profile of its own (TxDefaultProfile).
 * `tx`: one transaction (TxProfile).
 */
export const profilePurposes = ['station-max', 'tx-default', 'tx'] as const;
export type ProfilePurpose = (typeof profilePurposes)[number];

/** A stretch of a schedule: from `startSec` after its start to the next period, or to its end. */
export type SchedulePeriod = ChargingRate & {
  readonly startSec: number;
  /** How many phases may be used; all of them if absent. */
  readonly phases?: PhaseCount;
  /** With one phase: which one, for stations that can switch between them (OCPP 2.x). */
  readonly phaseToUse?: PhaseCount;
};

/**
 * When a schedule begins. Absolute: at an instant. Recurring: at that time of each day or week from then on (24 hours or
 * 7 days long: UTC knows no summer time). Relative: with the transaction.
 */
export type ScheduleStart =
  | { readonly kind: 'absolute'; readonly startAt: number }
  | { readonly kind: 'recurring'; readonly every: 'day' | 'week'; readonly startAt: number }
  | { readonly kind: 'relative' };

/** Longer schedules are neither written nor followed: a day in steps of five minutes. */
export const MOST_PERIODS = 288;

export type ChargingSchedule = ScheduleStart & {
  /** Ascending; what comes before the first one is not limited. */
  readonly periods: readonly SchedulePeriod[];
  /** After it the schedule says nothing; without it the last period goes on (a recurring one begins again). */
  readonly durationSec?: number;
  /** Below it charging is inefficient, by what the charger knows. */
  readonly minRate?: ChargingRate;
};

/**
 * A transaction that was asked for: the one that names the request (OCPP 2.x), and where it names none one of this driver that
 * begins in this time.
 */
export type RequestedStart = {
  readonly tag: string;
  readonly from: number;
  readonly to: number;
  /** Absent in OCPP 1.6, which has no such number. */
  readonly remoteStartId?: number;
};

/** A charging profile, freed from its OCPP version. Instants are ms since the epoch. */
export type ChargingProfile = {
  readonly purpose: ProfilePurpose;
  /** 0: the station as a whole, or each of its EVSEs (`tx-default`). */
  readonly evseId: number;
  /** Of two profiles that are in force for one purpose, the higher level counts. */
  readonly stackLevel: number;
  readonly profileId: number;
  /** Of `tx` only. Absent in OCPP 1.6: whichever transaction the connector has. */
  readonly transactionId?: string;
  /** Of `tx` only: it came with a request to start, for the transaction that follows from that. */
  readonly forStart?: RequestedStart;
  readonly validFrom?: number;
  /** From here on it no longer counts. */
  readonly validTo?: number;
  readonly schedule: ChargingSchedule;
};

/** Which installed profiles are meant: those that have all that is named. An id names one of the whole station. */
export type ProfileSelector = {
  readonly profileId?: number;
  readonly evseId?: number;
  readonly purpose?: ProfilePurpose;
  readonly stackLevel?: number;
};

/**
 * What a command does to the profiles a station keeps. `unreadable`: it sets a profile whose effect this model cannot tell
 * (several schedules to choose from, a kind or purpose of a later OCPP version).
 */
export type ProfileChange =
  | { readonly type: 'set'; readonly profile: ChargingProfile }
  | { readonly type: 'cleared'; readonly selector: ProfileSelector }
  | { readonly type: 'unreadable'; readonly evseId: number; readonly purpose?: ProfilePurpose };
