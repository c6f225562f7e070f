import { allocate } from '../charging/allocate.ts';
import type { Allocation, Reason, Setpoint } from '../charging/allocation.ts';
import type { AllocationProblem } from '../charging/allocation-problem.ts';
import type { ControlledSession } from '../charging/controlled-session.ts';
import { needing } from '../charging/on-single-phase.ts';
import { QUANTUM_W } from '../charging/step.ts';
import { MINUTE_MS } from '../kernel/durations.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { isResting, mayRest, resting } from './rest.ts';
import { isControllable } from './session-limits.ts';
import type { SitePlan } from './site-plan.ts';
import { siteProblem } from './site-problem.ts';
import { evsePath, type SiteSession, type SiteState } from './site-state.ts';

/** A car that was paused stays so for as long, while others can use its part: contactors are not to follow every cloud. */
const LEAST_PAUSE_MS = 5 * MINUTE_MS;

const wasJustPaused = ({ turn }: SiteSession, now: number): boolean =>
  turn.kind === 'paused' && now - turn.since < LEAST_PAUSE_MS;

/**
 * Who does not take part in flexible charging keeps what it would have without the price tier: its minimum is lifted to it.
 * The limits of the site hold all the same.
 */
const withOptOuts = (problem: AllocationProblem, { wishes }: SiteState): AllocationProblem => {
  const isOut = ({ id }: ControlledSession): boolean => wishes[id]?.optOut?.optedOut === true;
  const { tier: _, ...untiered } = problem;
  if (problem.tier === undefined || !problem.sessions.some(isOut)) return problem;
  const unreduced = new Map(allocate(untiered).setpoints.map((setpoint) => [setpoint.id, setpoint]));
  const sessions = problem.sessions.map((session) =>
    isOut(session) ? needing(session, unreduced.get(session.id)) : session,
  );
  return { ...problem, sessions };
};

const ownBounds: readonly Reason['kind'][] = ['rating', 'taper', 'unused'];

/** Whether some car gets less than it could use, for the sake of a limit that is not its own. */
const isAnyHeldBack = ({ setpoints }: Allocation): boolean =>
  setpoints.some(({ reasons }) => !ownBounds.includes(reasons[0].kind));

/** A session as part of a problem in which it is given nothing: what it still holds has a place in every limit. */
const wantingNothing = ({ id, phases, solarOnly }: ControlledSession): ControlledSession => ({
  id,
  minW: 0,
  upperBounds: [{ by: 'rating', powerW: 0 }],
  ...omitUndefined({ phases, solarOnly }),
});

const nothingFor = (session: SiteSession, reasons: Setpoint['reasons']): Setpoint => ({
  id: evsePath(session),
  limitW: 0,
  minW: 0,
  maxW: 0,
  stepW: QUANTUM_W,
  reasons,
});

/** Who gets how much now: setpoints for all that can be controlled, with who has to rest noted in the state. */
export type SharedPower = { readonly state: SiteState; readonly allocation: Allocation };

/**
 * Shares the power of a site. While others are short, a car that takes nothing rests, and one that was paused a short while ago
 * stays paused: both are given nothing. What the first may still draw is reserved; what the second still holds stays counted in
 * the limits, so that nobody is raised into it before its station has accepted the pause.
 */
export const sharePower = (before: SiteState, plan: SitePlan, now: number): SharedPower => {
  const problem = withOptOuts(siteProblem(before, plan, now), before);
  const first = allocate(problem);
  if (!isAnyHeldBack(first)) return { state: before, allocation: withRest(first, before, plan, now) };
  const sessions = before.sessions.map((session) =>
    mayRest(plan, session, before.wishes, now) ? resting(session, now) : session,
  );
  const state = { ...before, sessions };
  const paused = sessions.filter((session) => !isResting(session) && wasJustPaused(session, now));
  const isPaused = new Set(paused.map(evsePath));
  const rested = withOptOuts(siteProblem(state, plan, now), state);
  const others = rested.sessions.map((session) => (isPaused.has(session.id) ? wantingNothing(session) : session));
  const withoutPaused = allocate({ ...rested, sessions: others });
  if (paused.length === 0 || !isAnyHeldBack(withoutPaused))
    return { state, allocation: withRest(allocate(rested), state, plan, now) };
  const stillPaused = paused
    .filter((session) => isControllable(plan, session, now))
    .map((session) => nothingFor(session, [{ kind: 'pause' }, withoutPaused.budgetReason]));
  const given = withoutPaused.setpoints.filter(({ id }) => !isPaused.has(id));
  const allocation = { ...withoutPaused, setpoints: [...given, ...stillPaused] };
  return { state, allocation: withRest(allocation, state, plan, now) };
};

/** With setpoints for those that rest: nothing until they wake. */
const withRest = (allocation: Allocation, { sessions }: SiteState, plan: SitePlan, now: number): Allocation => {
  const idle = sessions
    .filter((session) => isResting(session) && isControllable(plan, session, now))
    .map((session) => nothingFor(session, [{ kind: 'unused' }]));
  return idle.length === 0 ? allocation : { ...allocation, setpoints: [...allocation.setpoints, ...idle] };
};
