import { actuate, type LimitCommand } from '../charging/actuate.ts';
import type { Allocation, Reason } from '../charging/allocation.ts';
import { type ActuationPolicy, usualPolicy } from '../charging/limit-state.ts';
import type { PhaseCount } from '../kernel/charging-profile.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { Supply as RateSupply } from '../profile/charging-rate.ts';
import { type GridPhase, gridPhasesOf } from '../registry/electrics.ts';
import { type Moment, passTime } from './pass-time.ts';
import { isResting } from './rest.ts';
import { asked, isControllable, limitState } from './session-limits.ts';
import { sharePower } from './share-power.ts';
import { phaseSwitchingAt, type SitePlan, supplyOf } from './site-plan.ts';
import { evsePath, type SiteSession, type SiteState } from './site-state.ts';

/** A limit to ask a station for, decided now. */
export type SetpointCommand = {
  readonly stationId: string;
  readonly evseId: number;
  readonly transactionId: string;
  readonly sessionId: string;
  readonly limitW: number;
  /** How many phases it is for, where fewer than the EVSE has. */
  readonly phases?: PhaseCount;
  /** Of one phase: which conductor of the EVSE, where its station can choose (OCPP 2.x: phaseToUse). */
  readonly phaseToUse?: PhaseCount;
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
  const { limitW, version, validUntil, phases } = inFlight;
  const conductors = gridPhasesOf(supply.electrics);
  const isChosen = phases?.length === 1 && phaseSwitchingAt(plan, session) === 'any-phase';
  return {
    stationId,
    evseId,
    transactionId,
    sessionId,
    limitW,
    version,
    reasons,
    supply: supply.electrics,
    ...omitUndefined({
      validUntil,
      phases: phases === undefined ? undefined : phaseCount(phases.length),
      phaseToUse: isChosen ? phaseCount(1 + conductors.findIndex((phase) => phases.includes(phase))) : undefined,
    }),
  };
};

const phaseCount = (count: number): PhaseCount => (count === 1 ? 1 : count === 2 ? 2 : 3);

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

/** The phases a limit is for, where fewer than the EVSE has; a pause leaves them as they are. */
const fewerPhases = (
  plan: SitePlan,
  session: SiteSession,
  command: LimitCommand | undefined,
): readonly GridPhase[] | undefined => {
  const { phases, limitW = 0 } = command ?? {};
  if (limitW === 0) return (session.inFlight ?? session.accepted)?.phases;
  return phases !== undefined && phases.length < (supplyOf(plan, session)?.electrics.phases ?? 0) ? phases : undefined;
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
  const setpoints = new Map(allocation.setpoints.map((setpoint) => [setpoint.id, setpoint]));
  const version = commands.length === 0 ? state.version : Math.max(now, state.version + 1);
  const sessions = state.sessions.map((session) => {
    const id = evsePath(session);
    const setpoint = setpoints.get(id);
    const command = byId.get(id);
    const phases = fewerPhases(plan, session, command);
    return asked(withTurn(session, setpoint?.limitW, now), command, now, version, phases);
  });
  const byPath = new Map(sessions.map((session) => [evsePath(session), session]));
  const inOrder = commands.flatMap(({ id }) => byPath.get(id) ?? []);
  return {
    state: { ...state, version, sessions, budget: budgetOf(allocation) },
    commands: inOrder.flatMap((session) => setpointCommand(session, plan) ?? []),
  };
};

const budgetOf = ({ budgetW, capacityW, budgetReason }: Allocation): NonNullable<SiteState['budget']> => ({
  budgetW,
  capacityW,
  reason: budgetReason,
});
