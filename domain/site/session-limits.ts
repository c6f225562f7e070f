import type { LimitCommand } from '../charging/actuate.ts';
import { ofEachPhase, type PhaseCurrents } from '../charging/constraints-of.ts';
import type { MeteredSession } from '../charging/drawn-power.ts';
import type { LimitState } from '../charging/limit-state.ts';
import { MINUTE_MS } from '../kernel/durations.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { GridPhase } from '../registry/electrics.ts';
import type { Conductors } from '../session/used-conductors.ts';
import { phaseSwitchingAt, type SitePlan, type Supply, supplyOf } from './site-plan.ts';
import { evsePath, type InFlight, type Limit, type SiteSession } from './site-state.ts';

/**
 * A station that refused a limit, did not answer, or holds somebody else's limit in place of it, is not asked again for so
 * long: what it may hold stays reserved.
 */
const ASK_AGAIN_MS = 5 * MINUTE_MS;

/** Whether a limit is certain to hold now. */
const holds = (validUntil: number | undefined, now: number): boolean => validUntil === undefined || validUntil > now;

/** What holds at the station when no setpoint does, W: its safe share where it holds one, otherwise its rating. */
export const baseW = ({ fallbackW }: Pick<SiteSession, 'fallbackW'>, { maxW, phases, electrics }: Supply): number =>
  Math.min(maxW, fallbackW === undefined ? maxW : (fallbackW * phases.length) / electrics.phases);

/** Whether a limit is for more phases than the car draws from: what it takes of it says nothing of what it could take. */
export const isForMorePhases = ({ phases }: Limit, conductors: Conductors | undefined): boolean =>
  conductors !== undefined && (phases === undefined || phases.length > conductors.length);

/** What of a limit says how much it leaves to a car. */
type Carried = Pick<Limit, 'limitW' | 'phases'>;

/**
 * What a limit leaves to the car of a session, W. It holds on each phase alike: a car that uses fewer of them has less of it, and
 * one that uses more than it was written for has more, unless its station switched the others off.
 */
const carriedW = (plan: SitePlan, session: SiteSession, supply: Supply, limit: Carried): number =>
  (limit.limitW * flowing(plan, session, supply, limit).length) / (limit.phases?.length ?? supply.electrics.phases);

/** The phases a car draws on under a limit. */
export const flowing = (
  plan: SitePlan,
  session: SiteSession,
  { phases: used }: Supply,
  limit: Pick<Limit, 'phases'> | undefined,
): readonly GridPhase[] => {
  const meant = phaseSwitchingAt(plan, session) === undefined ? undefined : limit?.phases;
  const found = meant === undefined ? used : used.filter((phase) => meant.includes(phase));
  // A car with one phase draws from whichever its station connects it to.
  return found.length === 0 ? (meant ?? used).slice(0, used.length) : found;
};

/** Earlier limits of a session that were never answered, and have not ended: each may hold. */
export const unansweredLimits = ({ unanswered = [], inFlight }: SiteSession, now: number): readonly Limit[] => {
  const { mayHoldW, at = 0, validUntil } = inFlight ?? {};
  const before = mayHoldW === undefined ? [] : [{ limitW: mayHoldW, at, ...omitUndefined({ validUntil }) }];
  return [...unanswered, ...before].filter((limit) => holds(limit.validUntil, now));
};

/** A limit without what belongs to one that is in flight. */
export const limitOf = ({ limitW, at, validUntil, sentAt, phases }: Limit): Limit => ({
  limitW,
  at,
  ...omitUndefined({ validUntil, sentAt, phases }),
});

/** Without limits that are no more than a later one for the same phases that ends no earlier: they change nothing. */
const withoutLesser = (limits: readonly Limit[]): readonly Limit[] => {
  const end = ({ validUntil = Number.POSITIVE_INFINITY }: Limit): number => validUntil;
  return limits.filter(
    (limit, index) =>
      !limits
        .slice(index + 1)
        .some(
          (later) =>
            later.limitW >= limit.limitW && end(later) >= end(limit) && later.phases?.join() === limit.phases?.join(),
        ),
  );
};

/** What a station was asked for and has not answered, W and phases of each: any of it may hold. */
const mayHold = (session: SiteSession, now: number): readonly Limit[] => [
  ...unansweredLimits(session, now),
  ...(session.inFlight === undefined ? [] : [session.inFlight]),
];

/** What is in force at a station in place of what we set. */
const instead = ({ overruled }: SiteSession): readonly Carried[] => (overruled === undefined ? [] : [overruled]);

/** Power, W, and the phases it is drawn from. */
type Draw = { readonly powerW: number; readonly phases: readonly GridPhase[] };

/**
 * What a session may draw now: by what is accepted, or the fall-back, by what is in force instead, and by each limit that may
 * have arrived unanswered.
 */
const possibleDraws = (plan: SitePlan, session: SiteSession, supply: Supply, now: number): readonly Draw[] => {
  const { accepted } = session;
  const drawUnder = (limit: Carried): Draw => ({
    powerW: Math.min(supply.maxW, carriedW(plan, session, supply, limit)),
    phases: flowing(plan, session, supply, limit),
  });
  const held =
    accepted !== undefined && holds(accepted.validUntil, now)
      ? drawUnder(accepted)
      : { powerW: baseW(session, supply), phases: flowing(plan, session, supply, accepted) };
  return [held, ...[...instead(session), ...mayHold(session, now)].map(drawUnder)];
};

/** The most a session may draw now, W: what is accepted and what may have arrived unanswered, whichever is more. */
export const committedW = (plan: SitePlan, session: SiteSession, now: number): number => {
  const supply = supplyOf(plan, session);
  if (supply === undefined) return 0;
  return Math.max(...possibleDraws(plan, session, supply, now).map(({ powerW }) => powerW));
};

/** The current of a draw on one phase, A. */
export const currentOn = (phase: GridPhase, { powerW, phases }: Draw, voltageV: number): number =>
  phases.includes(phase) ? powerW / phases.length / voltageV : 0;

/** The most a session may draw on each phase now, A: what is accepted and what may have arrived unanswered, whichever is more. */
export const mostA = (
  plan: SitePlan,
  session: SiteSession,
  supply: Supply,
  now: number,
  voltageV: number,
): PhaseCurrents => {
  const draws = possibleDraws(plan, session, supply, now);
  return ofEachPhase((phase) => Math.max(...draws.map((draw) => currentOn(phase, draw, voltageV))));
};

/** Of limits that held before the one that holds so many are kept, and of those that were replaced within so long: the time of two samples. */
const MOST_EARLIER = 3;
const EARLIER_MS = 3 * MINUTE_MS;

/** The limits a session has held lately when another one is accepted at `now`, ms: the one it holds at the end. */
export const earlierLimits = (
  { accepted, earlier = [] }: Pick<SiteSession, 'accepted' | 'earlier'>,
  now: number,
): readonly Limit[] => {
  if (accepted === undefined) return earlier;
  const { validUntil: _, ...last } = limitOf(accepted);
  const all = [...earlier, last];
  return all.filter((__, index) => (all[index + 1]?.at ?? now) > now - EARLIER_MS).slice(-MOST_EARLIER);
};

/** A session with its limits as they are left to its car at `now`, ms. */
export const metered = (plan: SitePlan, session: SiteSession, now: number): MeteredSession => {
  const supply = supplyOf(plan, session);
  if (supply === undefined) return session;
  const left = <Held extends Carried>(limit: Held): Held => ({
    ...limit,
    limitW: Math.min(supply.maxW, carriedW(plan, session, supply, limit)),
  });
  const { startedAt, seenAt, samples, accepted, inFlight, earlier, overruled, isOffline } = session;
  return {
    // A charger whose clock is ahead begins no later than we heard of it.
    startedAt: Math.min(startedAt, seenAt),
    samples,
    unanswered: unansweredLimits(session, now).map(left),
    baseW: baseW(session, supply),
    ...omitUndefined({
      accepted: accepted && left(accepted),
      inFlight: inFlight && left(inFlight),
      earlier: earlier?.map(left),
      overruled: overruled && left(overruled),
      // A car that is not heard of may have left long ago: no more of the meter is its part than is reserved for it.
      mostW: isOffline || accepted === undefined ? committedW(plan, session, now) : undefined,
    }),
  };
};

/** Whether a limit was asked for whose answer may still come. */
const isOnItsWay = (inFlight: SiteSession['inFlight']): inFlight is InFlight =>
  inFlight !== undefined && inFlight.unansweredAt === undefined;

/** The phases that the committed power of a session counts on: those it goes to, once it has been asked to. */
export const countedPhases = (plan: SitePlan, session: SiteSession, supply: Supply): readonly GridPhase[] => {
  const { accepted, inFlight } = session;
  return flowing(plan, session, supply, isOnItsWay(inFlight) ? inFlight : accepted);
};

/** Whether a setpoint for it would do anything now. */
export const isControllable = (plan: SitePlan, session: SiteSession, now: number): boolean => {
  const { isOffline, isUncontrollable, refused, inFlight, overruled } = session;
  if (isOffline || isUncontrollable || supplyOf(plan, session) === undefined) return false;
  if (refused !== undefined && refused.at > now - ASK_AGAIN_MS) return false;
  if (overruled?.since !== undefined && overruled.since > now - ASK_AGAIN_MS) return false;
  return inFlight === undefined || inFlight.unansweredAt === undefined || inFlight.unansweredAt <= now - ASK_AGAIN_MS;
};

/** What the actuation is told of a session. After a time without an answer it is asked again, from the most it may hold. */
export const limitState = (plan: SitePlan, session: SiteSession, now: number): LimitState => {
  const supply = supplyOf(plan, session);
  const { accepted, inFlight, refused, raisedAt, overruled, seenAt } = session;
  const carried = (limit: Carried): number => (supply === undefined ? 0 : carriedW(plan, session, supply, limit));
  const last = mayHold(session, now).at(-1);
  const isAnswerOut = isOnItsWay(inFlight);
  const isUncertain = !isAnswerOut && (last !== undefined || overruled !== undefined);
  const held = isUncertain
    ? { limitW: committedW(plan, session, now), at: last?.at ?? overruled?.since ?? seenAt }
    : accepted && { ...accepted, limitW: carried(accepted) };
  return {
    id: evsePath(session),
    fallbackW: supply === undefined ? 0 : baseW(session, supply),
    ...omitUndefined({
      phases: supply?.electrics.current === 'AC' ? countedPhases(plan, session, supply) : undefined,
      accepted: held,
      inFlight: isAnswerOut
        ? {
            ...inFlight,
            limitW: Math.max(...[...instead(session), ...mayHold(session, now)].map(carried)),
            sentAt: inFlight.at,
          }
        : undefined,
      refused,
      raisedAt,
      askAgainAt:
        isAnswerOut || last === undefined ? undefined : (session.inFlight?.unansweredAt ?? last.at) + ASK_AGAIN_MS,
    }),
  };
};

/**
 * A session that is asked for a limit, on `phases` where these are fewer than its EVSE has: it counts beside what was accepted, and
 * what was never answered, until its station has answered.
 */
export const asked = (
  session: SiteSession,
  command: LimitCommand | undefined,
  now: number,
  version: number,
  phases?: readonly GridPhase[],
): SiteSession => {
  if (command === undefined) return session;
  const { unanswered: _, ...others } = session;
  const { inFlight, accepted } = session;
  const isSwitched = phases?.join() !== (inFlight ?? accepted)?.phases?.join();
  const unanswered = withoutLesser(mayHold(session, now).map(limitOf));
  return {
    ...others,
    reasons: command.reasons,
    ...omitUndefined({
      raisedAt: command.change === 'increase' ? now : session.raisedAt,
      switchedAt: isSwitched ? now : session.switchedAt,
      unanswered: unanswered.length === 0 ? undefined : unanswered,
    }),
    inFlight: {
      limitW: command.limitW,
      at: now,
      version,
      validUntil: command.validUntil,
      ...omitUndefined({ phases }),
    },
  };
};
