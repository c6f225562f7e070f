import { MINUTE_MS, SECOND_MS } from '../kernel/durations.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { departureOf } from './departure-of.ts';
import { isControllable } from './session-limits.ts';
import { registered, type SitePlan } from './site-plan.ts';
import type { SiteSession, SiteState } from './site-state.ts';

/** A car that takes nothing for so long may be full: it need not hold its minimum while others are short. */
const REST_AFTER_MS = MINUTE_MS;
/** Offered its minimum again, it begins within so long, or goes on resting. */
const BEGINS_WITHIN_MS = 90 * SECOND_MS;
/** It is offered again after this time, lest a car that only waited for its timer gets nothing, and after twice as long each time it takes nothing. */
const FIRST_REST_MS = 30 * MINUTE_MS;
const LONGEST_REST_MS = 240 * MINUTE_MS;
const IDLE_W = 100;

const isIdle = ({ samples }: SiteSession): boolean => (samples.at(-1)?.powerW ?? 0) < IDLE_W;

const restMs = (rests: number): number => Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (rests - 1));

/** A wish counts as fulfilled from here on: meters and cars differ by some percent. */
const FULFILLED_SHARE = 0.98;

/** Whether a car has got what its driver asked for: one that then takes nothing is full, and does not wait for anything. */
const isFulfilled = (session: SiteSession, wishes: SiteState['wishes']): boolean => {
  const { energyWh } = departureOf(session, wishes) ?? {};
  return energyWh !== undefined && session.energyWh >= FULFILLED_SHARE * energyWh;
};

/** A car that rested long enough, or draws all the same, takes part again. */
export const awakened = (session: SiteSession, wishes: SiteState['wishes'], now: number): SiteSession => {
  const { rest, suspendedAt, ...others } = session;
  if (rest === undefined) return session;
  if (!isIdle(session)) return { ...others, ...omitUndefined({ suspendedAt }) };
  const restOf = (times: number): number => (isFulfilled(session, wishes) ? LONGEST_REST_MS : restMs(times));
  if (rest.kind === 'offered' || now - rest.since < restOf(rest.times)) return session;
  return { ...others, rest: { kind: 'offered', times: rest.times } };
};

/**
 * Whether a session may be given nothing, as its car takes nothing. A minimum that is configured for a connector type holds
 * whatever its car does.
 */
export const mayRest = (plan: SitePlan, session: SiteSession, wishes: SiteState['wishes'], now: number): boolean => {
  const { suspendedAt, rest, accepted } = session;
  if (suspendedAt === undefined || !isIdle(session) || rest?.kind === 'resting') return false;
  const isTried =
    rest === undefined
      ? isFulfilled(session, wishes) || suspendedAt <= now - REST_AFTER_MS
      : accepted !== undefined && accepted.limitW > 0 && accepted.at <= now - BEGINS_WITHIN_MS;
  const type = registered(plan, session)?.connectorType;
  const hasMinimum = plan.configuration.minimums.some(({ connectorType }) => connectorType === type);
  return isTried && !hasMinimum && isControllable(plan, session, now);
};

/** A session that is given nothing from now on. */
export const resting = (session: SiteSession, now: number): SiteSession => ({
  ...session,
  rest: { kind: 'resting', since: now, times: (session.rest?.times ?? 0) + 1 },
});

/** Whether a session is given nothing as its car takes nothing. */
export const isResting = ({ rest }: SiteSession): boolean => rest?.kind === 'resting';
