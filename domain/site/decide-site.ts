import { actuate, type LimitCommand } from '../charging/actuation.ts';
import { allocate } from '../charging/allocate.ts';
import type { Allocation, Reason } from '../charging/allocation.ts';
import type { AllocationProblem } from '../charging/allocation-problem.ts';
import type { ControlledSession } from '../charging/charging-session.ts';
import { type ActuationPolicy, type LimitState, usualPolicy } from '../charging/limit-state.ts';
import { noteUse } from '../charging/unused-share.ts';
import { MINUTE_MS } from '../kernel/durations.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { Supply as RateSupply } from '../profile/charging-rate.ts';
import { otherLoadW } from './other-load.ts';
import { type SitePlan, supplyOf } from './site-plan.ts';
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

/** Only clear changes of power are told: a meter that has said nothing for so long says the same once more. */
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
  if (accepted === undefined || last === undefined || use.at !== last.at || now - last.at < SAME_AGAIN_MS)
    return session;
  const again = { at: last.at + SAME_AGAIN_MS, limitW: accepted.limitW, measuredW: last.powerW };
  return { ...session, use: noteUse(use, again) };
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

/** The site as it is when nothing but time has passed: what has ended is off, the meter is heard or lost. */
const passed = (state: SiteState, plan: SitePlan, moment: Moment): SiteState => {
  const { now } = moment;
  const { demand, overLimitAt: _, ...others } = state;
  const limitW = siteLimitW(state, plan, now);
  const meter = meterNow(state, plan, moment);
  const sessions = state.sessions.map((session) => withUnanswered(withUse(withoutEnded(session, now), now), now));
  const known = sessions.filter((session) => isRegistered(plan, session));
  const isOver = demand !== undefined && meter.kind === 'fresh' && demand.powerW > limitW;
  return {
    ...others,
    meter,
    sessions,
    limits: state.limits.filter(({ to, limit }) => limit !== undefined && (to ?? now + 1) > now),
    departed: state.departed.filter(({ endedAt }) => endedAt > now - 15 * MINUTE_MS),
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

/** Decides what to ask the stations of a site for now. Pure: the same state, plan and moment make the same decision. */
export const decideSite = (before: SiteState, plan: SitePlan, moment: Moment): SiteDecision => {
  const { now } = moment;
  const state = passed(before, plan, moment);
  if (!plan.configuration.controlled) return { state, commands: [] };
  const allocation = allocate(withOptOuts(siteProblem(state, plan, now), state));
  const controllable = state.sessions.filter((session) => isControllable(plan, session, now));
  const limits = controllable.map((session) => limitState(plan, session, now));
  const { commands } = actuate({ allocation, limits, now, policy: policyOf(plan) });
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
