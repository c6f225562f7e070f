import type { ChargingProfile, RequestedStart, SchedulePeriod } from '../kernel/charging-profile.ts';
import { DAY_MS } from '../kernel/durations.ts';
import { isSameTag } from '../kernel/is-same-tag.ts';
import { unreachable } from '../kernel/unreachable.ts';
import { rateW, type Supply } from './charging-rate.ts';

/** What the limit on an EVSE depends on beside the profiles. */
export type LimitContext = {
  readonly evseId: number;
  readonly supply: Supply;
  /** The transaction on the EVSE. Without one, limits are those that a transaction would have that begins now. */
  readonly transaction?: LimitedTransaction;
};

export type LimitedTransaction = {
  readonly transactionId: string;
  readonly startedAt: number;
  /** Who charges, where that is known. */
  readonly tag?: string;
  /** The request to start that it names, where it names one. */
  readonly remoteStartId?: number;
};

/** Whether a transaction is the one that a request to start asked for. */
export const isStartOf = (
  { tag, from, to, remoteStartId }: RequestedStart,
  { tag: own, startedAt, remoteStartId: named }: LimitedTransaction,
): boolean =>
  remoteStartId !== undefined && named !== undefined
    ? remoteStartId === named
    : isSameTag(tag, own) && startedAt >= from && startedAt <= to;

/** A limit, and the profile that sets it. */
export type LimitInForce<Profile extends ChargingProfile = ChargingProfile> = {
  readonly limitW: number;
  readonly profile: Profile;
};

const recurrenceMs = { day: DAY_MS, week: 7 * DAY_MS } as const;

/** When the run of the schedule that `at` falls into began, and when the next one begins; undefined before the first. */
const runAt = (
  { schedule }: ChargingProfile,
  { transaction }: LimitContext,
  at: number,
): { readonly startAt: number; readonly nextAt?: number } | undefined => {
  switch (schedule.kind) {
    case 'absolute':
      return at < schedule.startAt ? undefined : { startAt: schedule.startAt };
    case 'recurring': {
      const everyMs = recurrenceMs[schedule.every];
      const startAt = schedule.startAt + Math.floor((at - schedule.startAt) / everyMs) * everyMs;
      return at < schedule.startAt ? undefined : { startAt, nextAt: startAt + everyMs };
    }
    case 'relative':
      return { startAt: Math.min(transaction?.startedAt ?? at, at) };
    default:
      return unreachable(schedule);
  }
};

/** The period of a profile that is in force at an instant; undefined while the profile limits nothing. */
export const periodAt = (profile: ChargingProfile, context: LimitContext, at: number): SchedulePeriod | undefined => {
  const { validFrom = at, validTo, schedule } = profile;
  if (at < validFrom || (validTo !== undefined && at >= validTo)) return undefined;
  const run = runAt(profile, context, at);
  if (run === undefined) return undefined;
  const elapsedSec = (at - run.startAt) / 1000;
  if (schedule.durationSec !== undefined && elapsedSec >= schedule.durationSec) return undefined;
  return schedule.periods.findLast(({ startSec }) => startSec <= elapsedSec);
};

/** Whether a profile may limit this EVSE at all: its place, and the transaction it is for. */
const concerns = ({ purpose, evseId, transactionId, forStart }: ChargingProfile, context: LimitContext): boolean => {
  if (evseId !== 0 && evseId !== context.evseId) return false;
  if (purpose !== 'tx') return true;
  const { transaction } = context;
  if (transaction === undefined) return false;
  if (forStart !== undefined) return isStartOf(forStart, transaction);
  return transactionId === undefined || transactionId === transaction.transactionId;
};

/** Higher levels first; of equal ones the EVSE's own before the one for all (OCPP 1.6, 5.16.3). */
const byStack = (one: ChargingProfile, other: ChargingProfile): number =>
  other.stackLevel - one.stackLevel || other.evseId - one.evseId;

const leading = <Profile extends ChargingProfile>(
  stack: readonly Profile[],
  context: LimitContext,
  at: number,
): LimitInForce<Profile> | undefined => {
  for (const profile of stack) {
    const period = periodAt(profile, context, at);
    if (period !== undefined) return { limitW: rateW(period, context.supply), profile };
  }
  return undefined;
};

/**
 * The limit on an EVSE at an instant, as OCPP composes it: within a purpose the highest stack level that is in force, the
 * transaction's own profile in place of the default one, and never more than the station's maximum. Undefined: no limit.
 */
export const limitAt = <Profile extends ChargingProfile>(
  profiles: readonly Profile[],
  context: LimitContext,
  at: number,
): LimitInForce<Profile> | undefined => {
  const stackOf = (purpose: ChargingProfile['purpose']): Profile[] =>
    profiles.filter((profile) => profile.purpose === purpose && concerns(profile, context)).sort(byStack);
  const own = leading(stackOf('tx'), context, at) ?? leading(stackOf('tx-default'), context, at);
  const station = leading(stackOf('station-max'), context, at);
  if (own === undefined || station === undefined) return own ?? station;
  return station.limitW < own.limitW ? station : own;
};

/** The first instant after `at` at which a profile comes into force, goes out of it, or enters another period. */
const nextEdgeOf = (profile: ChargingProfile, context: LimitContext, at: number): number | undefined => {
  const { validFrom, validTo, schedule } = profile;
  if (validTo !== undefined && at >= validTo) return undefined;
  const run = runAt(profile, context, at);
  const edges = [validFrom, validTo];
  if (run === undefined) edges.push(schedule.kind === 'relative' ? undefined : schedule.startAt);
  else {
    const { startAt, nextAt } = run;
    const isImagined = schedule.kind === 'relative' && context.transaction === undefined;
    const ends = schedule.durationSec === undefined ? [] : [schedule.durationSec];
    const seconds = isImagined ? [] : [...schedule.periods.map(({ startSec }) => startSec), ...ends];
    edges.push(nextAt, ...seconds.map((second) => startAt + second * 1000));
  }
  const later = edges.filter((edge) => edge !== undefined).filter((edge) => edge > at);
  return later.length === 0 ? undefined : Math.min(...later);
};

/** A profile that recurs without an end has edges without an end: enough to see a week of hours. */
const MOST_EDGES = 256;

/**
 * The next instant at which the limit becomes another one or is set by another profile; undefined: never, as things are.
 * Where very many periods change nothing, an instant before it.
 */
export const nextChangeAfter = (
  profiles: readonly ChargingProfile[],
  context: LimitContext,
  at: number,
): number | undefined => {
  const relevant = profiles.filter((profile) => concerns(profile, context));
  const now = limitAt(relevant, context, at);
  let edge: number | undefined = at;
  for (let looked = 0; looked < MOST_EDGES; looked++) {
    const from: number = edge;
    const edges = relevant.map((profile) => nextEdgeOf(profile, context, from)).filter((next) => next !== undefined);
    if (edges.length === 0) return undefined;
    edge = Math.min(...edges);
    const then = limitAt(relevant, context, edge);
    if (then?.limitW !== now?.limitW || then?.profile !== now?.profile) return edge;
  }
  return edge;
};
