import { actuate } from '../charging/actuation.ts';
import type { Allocation, Reason } from '../charging/allocation.ts';
import { type ActuationPolicy, usualPolicy } from '../charging/limit-state.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { Supply as RateSupply } from '../profile/charging-rate.ts';
import { type Moment, passTime } from './pass-time.ts';
import { isResting } from './rest.ts';
import { asked, isControllable, limitState } from './session-limits.ts';
import { sharePower } from './share-power.ts';
import { type SitePlan, supplyOf } from './site-plan.ts';
import { evsePath, type SiteSession, type SiteState } from './site-state.ts';

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

const policyOf = ({ configuration: { minIntervalMs, validityMs } }: SitePlan): ActuationPolicy => ({
  ...usualPolicy,
  minimumIntervalMs: minIntervalMs,
  validityMs,
});

/** Whose turn it is: a pause begins a wait, power ends it. A car that has not been given anything waits from its start. */
const withTurn = (session: SiteSession, setpointW: number | undefined, now: number): SiteSession => {
  const { turn } = session;
  if (setpointW === undefined || isResting(session)) return session;
  if (setpointW > 0) return turn.kind === 'charging' ? session : { ...session, turn: { kind: 'charging', since: now } };
  return turn.kind === 'charging' ? { ...session, turn: { kind: 'paused', since: now } } : session;
};

/** Decides what to ask the stations of a site for now. Pure: the same state, plan and moment make the same decision. */
export const decideSite = (before: SiteState, plan: SitePlan, moment: Moment): SiteDecision => {
  const { now } = moment;
  const passed = passTime(before, plan, moment);
  if (!plan.configuration.controlled) return { state: passed, commands: [] };
  const { state, allocation } = sharePower(passed, plan, now);
  const limits = state.sessions
    .filter((session) => isControllable(plan, session, now))
    .map((session) => limitState(plan, session, now));
  const { commands } = actuate({ allocation, limits, now, policy: policyOf(plan) });
  const byId = new Map(commands.map((command) => [command.id, command]));
  const setpoints = new Map(allocation.setpoints.map(({ id, limitW }) => [id, limitW]));
  const version = commands.length === 0 ? state.version : Math.max(now, state.version + 1);
  const sessions = state.sessions.map((session) => {
    const id = evsePath(session);
    return asked(withTurn(session, setpoints.get(id), now), byId.get(id), now, version);
  });
  const byPath = new Map(sessions.map((session) => [evsePath(session), session]));
  const inOrder = commands.flatMap(({ id }) => byPath.get(id) ?? []);
  return {
    state: { ...state, version, sessions, budget: budgetOf(allocation) },
    commands: inOrder.flatMap((session) => setpointCommand(session, plan) ?? []),
  };
};

const budgetOf = ({ budgetW, effectiveBudgetW, budgetReason }: Allocation): NonNullable<SiteState['budget']> => ({
  budgetW,
  effectiveW: effectiveBudgetW,
  reason: budgetReason,
});
