import { actuate, type LimitCommand } from '../charging/actuation.ts';
import { allocate } from '../charging/allocate.ts';
import type { Allocation, Reason, Setpoint } from '../charging/allocation.ts';
import type { AllocationProblem } from '../charging/allocation-problem.ts';
import type { ControlledSession } from '../charging/charging-session.ts';
import { type ActuationPolicy, type LimitState, usualPolicy } from '../charging/limit-state.ts';
import { noteUse } from '../charging/unused-share.ts';
import { MINUTE_MS } from '../kernel/durations.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { Supply as RateSupply } from '../profile/charging-rate.ts';
import { otherLoadW } from './other-load.ts';
import { registered, type SitePlan, supplyOf } from './site-plan.ts';
import { baseW, committedW, isControllable, isRegistered, siteLimitW, siteProblem } from './site-problem.ts';
import { evsePath, type Limit, type MeterState, type SiteSession, type SiteState } from './site-state.ts';

/** A limit to ask a station for, decided now. */
export type SetpointCommand = {
  readonly stationId: string;
  readonly evseId: number;
  readonly transactionId: string;
  readonly sessionId: string;
  readonly limitW: number;
  readonly validUntil?: number;
  /** Larger is newer. */
  readonly version: number;
  readonly reasons: readonly Reason[];
  /** How the EVSE is supplied: what amperes and watts have to do with each other there. */
  readonly supply: RateSupply;
};

/** What is asked for in a session, as a command; undefined where nothing is. */
export const setpointCommand = (session: SiteSession, plan: SitePlan): SetpointCommand | undefined => {
  const { stationId, evseId, transactionId, sessionId, inFlight, reasons } = session;
  const supply = supplyOf(plan, session);
  if (inFlight === undefined || supply === undefined) return undefined;
  const { limitW, version, validUntil } = inFlight;
  return {
    stationId,
    evseId,
    transactionId,
    sessionId,
    limitW,
    version,
    reasons,
    supply: supply.electrics,
    ...omitUndefined({ validUntil }),
  };
};

export type SiteDecision = {
  readonly state: SiteState;
  /** In the order to send them: decreases first. */
  readonly commands: readonly SetpointCommand[];
};

/** Now, and since when this worker has heard the site's signals without a gap. */
export type Moment = { readonly now: number; readonly watchingSince: number };

/** As old as a reading in the item may be when a worker takes the site over. */
export const KEEP_READINGS_MS = 5 * MINUTE_MS;

/** Only clear changes of power are told: a meter that has said nothing for so long, under one limit, says the same again. */
const SAME_AGAIN_MS = MINUTE_MS;

/**
 * Whether the meter is heard. Its readings are not written one by one: a worker that has just taken the site over knows an
 * older one than there was, and waits as long as a reading may be old before it concludes that the meter is lost.
 */
const meterNow = (
  { meter, demand }: SiteState,
  { configuration }: SitePlan,
  { now, watchingSince }: Moment,
): MeterState => {
  const { meterStaleMs } = configuration;
  if (configuration.meter === 'none') return meter.kind === 'fresh' ? meter : { kind: 'fresh', since: now };
  const heardAt = demand?.at ?? Number.NEGATIVE_INFINITY;
  const isCovered = heardAt > watchingSince - KEEP_READINGS_MS - meterStaleMs && now - watchingSince <= meterStaleMs;
  const kind = now - heardAt <= meterStaleMs || isCovered ? 'fresh' : 'lost';
  return kind === meter.kind ? meter : { kind, since: now };
};

const withUse = (session: SiteSession, now: number): SiteSession => {
  const { accepted, samples, use } = session;
  const last = samples.at(-1);
  if (accepted === undefined || last === undefined || use.below > 1) return session;
  const again = {
    at: Math.max(last.at, accepted.at, use.at) + SAME_AGAIN_MS,
    limitW: accepted.limitW,
    measuredW: last.powerW,
  };
  const next = now < again.at ? use : noteUse(use, again);
  // A car that takes what it is given is not given more for saying nothing.
  return next.below > use.below ? { ...session, use: next } : session;
};

/** Takes off what no longer holds: limits that have ended, accepted or not. */
const withoutEnded = (session: SiteSession, now: number): SiteSession => {
  const { accepted, inFlight, ...others } = session;
  const hasEnded = (limit: Limit | undefined): boolean => limit?.validUntil !== undefined && limit.validUntil <= now;
  if (!hasEnded(accepted) && !hasEnded(inFlight)) return session;
  return {
    ...others,
    ...omitUndefined({
      accepted: hasEnded(accepted) ? undefined : accepted,
      inFlight: hasEnded(inFlight) ? undefined : inFlight,
    }),
  };
};

/** The outcome of a setpoint follows its deadline at once; where it does not come, the question stays open without it. */
const OUTCOME_MS = 2 * MINUTE_MS;

const withUnanswered = (session: SiteSession, now: number): SiteSession => {
  const { inFlight, isOffline } = session;
  if (inFlight === undefined || isOffline || inFlight.unansweredAt !== undefined) return session;
  return now - inFlight.at < OUTCOME_MS ? session : { ...session, inFlight: { ...inFlight, unansweredAt: now } };
};

/** Who is plugged in for so long without a session will not begin one: a tag that was refused, a driver who went away. */
const ARRIVING_MS = 3 * MINUTE_MS;

/** A car that takes nothing for so long may be full: it need not hold its minimum while others are short. */
const REST_AFTER_MS = 5 * MINUTE_MS;
/** Then it is offered its minimum again, lest a car that only waited for its timer gets nothing. */
const REST_MS = 60 * MINUTE_MS;
const IDLE_W = 100;

/** A car that rested long enough, or draws all the same, takes part again. */
const withoutRest = (session: SiteSession, now: number): SiteSession => {
  const { restingSince, suspendedAt, ...others } = session;
  if (restingSince === undefined) return session;
  const isDrawing = (session.samples.at(-1)?.powerW ?? 0) >= IDLE_W;
  return isDrawing || now - restingSince >= REST_MS ? others : session;
};

/** A minimum that is configured for a connector type holds whatever its car does. */
const mayRest = (plan: SitePlan, session: SiteSession, now: number): boolean => {
  const { suspendedAt, restingSince, samples } = session;
  if (restingSince !== undefined || suspendedAt === undefined || suspendedAt > now - REST_AFTER_MS) return false;
  const type = registered(plan, session)?.connectorType;
  const hasMinimum = plan.configuration.minimums.some(({ connectorType }) => connectorType === type);
  return !hasMinimum && (samples.at(-1)?.powerW ?? 0) < IDLE_W && isControllable(plan, session, now);
};

const ownBounds: readonly Reason['kind'][] = ['rating', 'taper', 'unused'];

/** Whether some car could use more than it is given. */
const isShort = ({ setpoints }: Allocation): boolean =>
  setpoints.some(({ reasons }) => !ownBounds.includes(reasons[0].kind));

/** The site as it is when nothing but time has passed: what has ended is off, the meter is heard or lost. */
const passed = (state: SiteState, plan: SitePlan, moment: Moment): SiteState => {
  const { now } = moment;
  const { demand, overLimitAt: _, ...others } = state;
  const limitW = siteLimitW(state, plan, now);
  const meter = meterNow(state, plan, moment);
  const sessions = state.sessions.map((session) =>
    withUnanswered(withUse(withoutEnded(withoutRest(session, now), now), now), now),
  );
  const known = sessions.filter((session) => isRegistered(plan, session));
  const isOver = demand !== undefined && meter.kind === 'fresh' && demand.powerW > limitW;
  return {
    ...others,
    meter,
    sessions,
    limits: state.limits.filter(({ to, limit }) => limit !== undefined && (to ?? now + 1) > now),
    departed: state.departed.filter(({ endedAt }) => endedAt > now - 15 * MINUTE_MS),
    ...omitUndefined({ arriving: state.arriving?.filter(({ since }) => since > now - ARRIVING_MS) }),
    ...omitUndefined({
      demand,
      overLimitAt: isOver ? (state.overLimitAt ?? demand.at) : undefined,
      otherW:
        demand === undefined
          ? undefined
          : otherLoadW({ demand, sessions: known, departed: state.departed, beforeW: state.otherW, limitW }),
    }),
  };
};

/**
 * Who does not take part in flexible charging keeps what it would have without the price tier: its minimum is lifted to it.
 * The limits of the site hold all the same.
 */
const withOptOuts = (problem: AllocationProblem, { wishes }: SiteState): AllocationProblem => {
  const isOut = ({ id }: ControlledSession): boolean => wishes[id]?.optOut?.optedOut === true;
  const { tier: _, ...untiered } = problem;
  if (problem.tier === undefined || !problem.sessions.some(isOut)) return problem;
  const unreduced = new Map(allocate(untiered).setpoints.map(({ id, limitW }) => [id, limitW]));
  const sessions = problem.sessions.map((session) =>
    isOut(session) ? { ...session, minW: Math.max(session.minW, unreduced.get(session.id) ?? 0) } : session,
  );
  return { ...problem, sessions };
};

/** What the actuation is told of a session. After a time without an answer it is asked again, from the most it may hold. */
const limitState = (plan: SitePlan, session: SiteSession, now: number): LimitState => {
  const supply = supplyOf(plan, session);
  const { accepted, inFlight, refused, commandsSent } = session;
  const isOpen = inFlight !== undefined && inFlight.unansweredAt !== undefined;
  const held = isOpen ? { limitW: committedW(plan, session, now), at: inFlight.at } : accepted;
  return {
    id: evsePath(session),
    fallbackW: supply === undefined ? 0 : baseW(session, supply),
    commandsSent,
    ...omitUndefined({
      accepted: held,
      inFlight: isOpen
        ? undefined
        : inFlight && { ...inFlight, limitW: Math.max(inFlight.limitW, inFlight.mayHoldW ?? 0), sentAt: inFlight.at },
      refused,
      lastSentAt: inFlight?.at ?? accepted?.at,
    }),
  };
};

const policyOf = ({ configuration: { minIntervalMs, validityMs } }: SitePlan): ActuationPolicy => ({
  ...usualPolicy,
  minimumIntervalMs: minIntervalMs,
  validityMs,
});

/** Whose turn it is: a pause begins a wait, power ends it. */
const withTurn = (session: SiteSession, allocation: Allocation, now: number): SiteSession => {
  const setpoint = allocation.setpoints.find(({ id }) => id === evsePath(session));
  if (setpoint === undefined) return session;
  const kind = setpoint.limitW === 0 ? 'waiting' : 'charging';
  return kind === session.turn.kind ? session : { ...session, turn: { kind, since: now } };
};

const asked = (session: SiteSession, command: LimitCommand | undefined, now: number, version: number): SiteSession => {
  if (command === undefined) return session;
  const { inFlight, commandsSent } = session;
  const unanswered = inFlight === undefined ? undefined : Math.max(inFlight.limitW, inFlight.mayHoldW ?? 0);
  return {
    ...session,
    commandsSent: command.change === 'refresh' ? commandsSent : commandsSent + 1,
    reasons: command.reasons,
    inFlight: {
      limitW: command.limitW,
      at: now,
      version,
      validUntil: command.validUntil,
      ...omitUndefined({ mayHoldW: unanswered }),
    },
  };
};

/** Who gets how much, with cars that take nothing at rest while others are short: their share is nothing until they wake. */
const shared = (passedBy: SiteState, plan: SitePlan, now: number): { state: SiteState; allocation: Allocation } => {
  const allocation = allocate(withOptOuts(siteProblem(passedBy, plan, now), passedBy));
  const idle = isShort(allocation) ? passedBy.sessions.filter((session) => mayRest(plan, session, now)) : [];
  if (idle.length === 0) return { state: passedBy, allocation };
  const sessions = passedBy.sessions.map((session) =>
    idle.includes(session) ? { ...session, restingSince: now } : session,
  );
  const state = { ...passedBy, sessions };
  return { state, allocation: allocate(withOptOuts(siteProblem(state, plan, now), state)) };
};

const atRest = (session: SiteSession): Setpoint => ({
  id: evsePath(session),
  limitW: 0,
  reasons: [{ kind: 'unused' }],
});

/** Decides what to ask the stations of a site for now. Pure: the same state, plan and moment make the same decision. */
export const decideSite = (before: SiteState, plan: SitePlan, moment: Moment): SiteDecision => {
  const { now } = moment;
  const passedBy = passed(before, plan, moment);
  if (!plan.configuration.controlled) return { state: passedBy, commands: [] };
  const { state, allocation } = shared(passedBy, plan, now);
  const controllable = state.sessions.filter((session) => isControllable(plan, session, now));
  const limits = controllable.map((session) => limitState(plan, session, now));
  const resting = controllable.filter(({ restingSince }) => restingSince !== undefined).map(atRest);
  const setpoints = [...allocation.setpoints, ...resting];
  const { commands } = actuate({ allocation: { ...allocation, setpoints }, limits, now, policy: policyOf(plan) });
  const byId = new Map(commands.map((command) => [command.id, command]));
  const version = commands.length === 0 ? state.version : Math.max(now, state.version + 1);
  const sessions = state.sessions.map((session) =>
    asked(withTurn(session, allocation, now), byId.get(evsePath(session)), now, version),
  );
  const byPath = new Map(sessions.map((session) => [evsePath(session), session]));
  const inOrder = commands.flatMap(({ id }) => byPath.get(id) ?? []);
  return {
    state: {
      ...state,
      version,
      sessions,
      budget: {
        budgetW: allocation.budgetW,
        effectiveW: allocation.effectiveBudgetW,
        reason: allocation.budgetReason,
      },
    },
    commands: inOrder.flatMap((session) => setpointCommand(session, plan) ?? []),
  };
};

/** What is not worth a write by itself: what was measured, and what follows from it. */
const withoutReadings = (state: SiteState): unknown => {
  const {
    rev: _,
    guard: __,
    demand: ___,
    otherW: ____,
    departed: _____,
    arriving: ________,
    budget: ______,
    comparedAt: _______,
    ...kept
  } = state;
  return {
    ...kept,
    sessions: kept.sessions.map(({ samples, energyWh, socPercent, use, rev, suspendedAt, ...session }) => session),
  };
};

/** Readings of a site that is over its limit are written this often: alerts are judged by the item. */
const OVER_LIMIT_MS = MINUTE_MS;

/**
 * Whether a state is to be written: a decision changed, or what was measured since the last write is minutes old.
 * `keptAt` is when the kept one was written, ms.
 */
export const isWorthWriting = (kept: SiteState, next: SiteState, keptAt: number, now: number): boolean => {
  if (JSON.stringify(withoutReadings(kept)) !== JSON.stringify(withoutReadings(next))) return true;
  return now - keptAt >= (next.overLimitAt === undefined ? KEEP_READINGS_MS : OVER_LIMIT_MS);
};
