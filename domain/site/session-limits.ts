import type { LimitCommand } from '../charging/actuation.ts';
import type { LimitState } from '../charging/limit-state.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { type SitePlan, type Supply, supplyOf } from './site-plan.ts';
import { evsePath, type SiteSession } from './site-state.ts';

/** A station that refused a limit, or did not answer, is not asked again for so long: what it may hold stays reserved. */
const ASK_AGAIN_MS = 5 * 60_000;

/** Whether a limit is certain to hold now. */
const holds = (validUntil: number | undefined, now: number): boolean => validUntil === undefined || validUntil > now;

/** What holds at the station when no setpoint does, W: its safe share where it holds one, otherwise its rating. */
export const baseW = ({ fallbackW }: Pick<SiteSession, 'fallbackW'>, { maxW }: Supply): number =>
  Math.min(maxW, fallbackW ?? maxW);

/** The most a session may draw now, W: what is accepted and what may have arrived unanswered, whichever is more. */
export const committedW = (plan: SitePlan, session: SiteSession, now: number): number => {
  const supply = supplyOf(plan, session);
  const { accepted, inFlight } = session;
  const ratedW = supply?.maxW ?? 0;
  const held = accepted !== undefined && holds(accepted.validUntil, now) ? accepted.limitW : undefined;
  const base = held ?? (supply === undefined ? 0 : baseW(session, supply));
  const unanswered = inFlight === undefined ? 0 : Math.max(inFlight.limitW, inFlight.mayHoldW ?? 0);
  return Math.min(ratedW, Math.max(base, unanswered));
};

/** Whether a setpoint for it would do anything now. */
export const isControllable = (plan: SitePlan, session: SiteSession, now: number): boolean => {
  const { isOffline, isUncontrollable, refused, inFlight } = session;
  if (isOffline || isUncontrollable || supplyOf(plan, session) === undefined) return false;
  if (refused !== undefined && refused.at > now - ASK_AGAIN_MS) return false;
  return inFlight === undefined || inFlight.unansweredAt === undefined || inFlight.unansweredAt <= now - ASK_AGAIN_MS;
};

/** What the actuation is told of a session. After a time without an answer it is asked again, from the most it may hold. */
export const limitState = (plan: SitePlan, session: SiteSession, now: number): LimitState => {
  const supply = supplyOf(plan, session);
  const { accepted, inFlight, refused, raisedAt } = session;
  const isOpen = inFlight !== undefined && inFlight.unansweredAt !== undefined;
  const held = isOpen ? { limitW: committedW(plan, session, now), at: inFlight.at } : accepted;
  return {
    id: evsePath(session),
    fallbackW: supply === undefined ? 0 : baseW(session, supply),
    ...omitUndefined({
      accepted: held,
      inFlight: isOpen
        ? undefined
        : inFlight && { ...inFlight, limitW: Math.max(inFlight.limitW, inFlight.mayHoldW ?? 0), sentAt: inFlight.at },
      refused,
      raisedAt,
    }),
  };
};

/** A session that is asked for a limit: both count until its station has answered. */
export const asked = (
  session: SiteSession,
  command: LimitCommand | undefined,
  now: number,
  version: number,
): SiteSession => {
  if (command === undefined) return session;
  const { inFlight } = session;
  const unanswered = inFlight === undefined ? undefined : Math.max(inFlight.limitW, inFlight.mayHoldW ?? 0);
  return {
    ...session,
    reasons: command.reasons,
    ...omitUndefined({ raisedAt: command.change === 'increase' ? now : session.raisedAt }),
    inFlight: {
      limitW: command.limitW,
      at: now,
      version,
      validUntil: command.validUntil,
      ...omitUndefined({ mayHoldW: unanswered }),
    },
  };
};
