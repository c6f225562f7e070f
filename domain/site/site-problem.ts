import type { AllocationProblem, Circuit, PhaseSupply, SiteLoad } from '../charging/allocation-problem.ts';
import { ofEachPhase, type PhaseCurrents } from '../charging/constraints-of.ts';
import type { ControlledSession, ReservedLoad } from '../charging/controlled-session.ts';
import { SECOND_MS } from '../kernel/durations.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { sum } from '../kernel/sum.ts';
import { controlledSessionOf } from './controlled-session-of.ts';
import { feederLimitW, phaseLimitsNow, signalledLimit, siteLimitW, tierNow } from './limits-now.ts';
import { isResting } from './rest.ts';
import { baseW, committedW, countedPhases, currentOn, isControllable, mostA } from './session-limits.ts';
import { type Feeder, fallbackBudgetW } from './site-configuration.ts';
import { feedersBehind, type SitePlan, type Supply, supplyOf } from './site-plan.ts';
import { type Arrival, evsePath, type SiteSession, type SiteState } from './site-state.ts';

type PlacedCar = Pick<SiteSession, 'stationId' | 'evseId' | 'connectorId'>;

/** What an EVSE is to have kept free for a car that begins there, W: its fall-back, whichever connector the car uses. */
const arrivingW = (plan: SitePlan, arrival: Arrival): number => {
  const supply = supplyOf(plan, arrival);
  return supply === undefined ? 0 : baseW(arrival, supply);
};

/** Cars that are about to begin, at EVSEs where none has begun: one at each, at the connector where it may draw most. */
const arrivalsOf = ({ arriving = [], sessions }: SiteState, plan: SitePlan): readonly Arrival[] => {
  const free = arriving.filter((arrival) => !sessions.some((session) => evsePath(session) === evsePath(arrival)));
  return [...Map.groupBy(free, evsePath).values()].map((alike) =>
    alike.reduce((most, other) => (arrivingW(plan, other) > arrivingW(plan, most) ? other : most)),
  );
};

/** Ids of everything on a feeder and on the feeders below it. */
const behind = (feeder: Feeder, plan: SitePlan, cars: readonly PlacedCar[]): readonly string[] => {
  const names = feedersBehind(plan.configuration.feeders, feeder);
  return cars.filter((car) => names.includes(supplyOf(plan, car)?.electrics.feeder ?? '')).map(evsePath);
};

/** Feeders with their limits now, the contracts of stations, and what events of the grid leave them. */
const circuitsOf = (state: SiteState, plan: SitePlan, now: number): readonly Circuit[] => {
  const cars: readonly PlacedCar[] = [...state.sessions, ...arrivalsOf(state, plan)];
  const feeders = plan.configuration.feeders.map(
    (feeder): Circuit => ({
      id: feeder.feederId,
      kind: 'feeder',
      limitW: feederLimitW(state, feeder, now),
      members: behind(feeder, plan, cars),
    }),
  );
  const contracts = plan.stations.flatMap(({ stationId, contractMaxW }): readonly Circuit[] => {
    const members = cars.filter((car) => car.stationId === stationId).map(evsePath);
    if (contractMaxW === undefined || members.length === 0) return [];
    return [{ id: stationId, kind: 'contract', limitW: contractMaxW, members }];
  });
  const caps = plan.stations.flatMap(({ stationId }): readonly Circuit[] => {
    const limitW = signalledLimit(state.limits, { kind: 'station', stationId }, now);
    if (limitW === Number.POSITIVE_INFINITY) return [];
    const members = cars.filter((car) => car.stationId === stationId).map(evsePath);
    return [{ id: stationId, kind: 'dr-cap', limitW, members }];
  });
  return [...feeders, ...contracts, ...caps].filter(({ members }) => members.length > 0);
};

/** What a session may draw on each phase beyond what its setpoint stands for: on those it is about to leave, A. */
const leavingA = (
  plan: SitePlan,
  session: SiteSession,
  supply: Supply,
  now: number,
  voltageV: number,
): PhaseCurrents => {
  const most = mostA(plan, session, supply, now, voltageV);
  const counted = { powerW: committedW(plan, session, now), phases: countedPhases(plan, session, supply) };
  return ofEachPhase((phase) => Math.max(0, most[phase] - currentOn(phase, counted, voltageV)));
};

/** Whether a session takes part in sharing; what one that does not may draw is reserved. */
const takesPart = (plan: SitePlan, session: SiteSession, now: number): boolean =>
  !isResting(session) && isControllable(plan, session, now);

/**
 * The phases of the connection: what each carries, and what the building, reserved cars, and those that leave a phase, draw
 * of it.
 */
const phasesOf = (state: SiteState, plan: SitePlan, now: number): PhaseSupply | undefined => {
  const phases = phaseLimitsNow(state, plan, now);
  if (phases === undefined) return undefined;
  const { otherA, meter, sessions } = state;
  const drawing = sessions.flatMap((session) => {
    const supply = supplyOf(plan, session);
    return supply === undefined ? [] : [{ session, supply }];
  });
  const loads = [
    ...(meter.kind === 'fresh' ? [otherA] : []),
    ...drawing.map(({ session, supply }) =>
      takesPart(plan, session, now)
        ? leavingA(plan, session, supply, now, phases.voltageV)
        : mostA(plan, session, supply, now, phases.voltageV),
    ),
  ].filter((load) => load !== undefined);
  return {
    ...phases,
    otherA: ofEachPhase((phase) => sum(loads.map((load) => load[phase]))),
  };
};

const loadOf = ({ meter, otherW }: SiteState, { configuration }: SitePlan, limitW: number): SiteLoad => {
  if (configuration.meter === 'none') return { kind: 'measured', siteW: 0, chargingW: 0 };
  // Of a limit that was signalled, too, the building is to have its part.
  if (meter.kind === 'lost' || otherW === undefined)
    return { kind: 'unknown', safeBudgetW: fallbackBudgetW({ ...configuration, limitW }) };
  return { kind: 'measured', siteW: otherW, chargingW: 0 };
};

/** What the allocator is asked about a site now. */
export const siteProblem = (state: SiteState, plan: SitePlan, now: number): AllocationProblem => {
  const { configuration } = plan;
  const limitW = siteLimitW(state, plan, now);
  const phases = phasesOf(state, plan, now);
  const sessions: ControlledSession[] = [];
  const reserved: ReservedLoad[] = [];
  for (const session of state.sessions) {
    const supply = supplyOf(plan, session);
    if (supply === undefined) continue;
    if (takesPart(plan, session, now)) sessions.push(controlledSessionOf(state, plan, session, supply, now));
    // On the phases it counts by what it may draw on each of them (`phasesOf`).
    else reserved.push({ id: evsePath(session), reservedW: committedW(plan, session, now) });
  }
  // A car that begins draws its fall-back before anybody can tell it less: room is made while its driver presents a tag.
  for (const arrival of arrivalsOf(state, plan)) {
    const supply = supplyOf(plan, arrival);
    if (supply === undefined) continue;
    reserved.push({
      id: evsePath(arrival),
      reservedW: arrivingW(plan, arrival),
      isToCome: true,
      ...omitUndefined({ phases: phases && supply.phases }),
    });
  }
  return {
    site: {
      limitW,
      marginShare: configuration.marginPercent / 100,
      load: loadOf(state, plan, limitW),
    },
    sessions,
    reserved,
    circuits: circuitsOf(state, plan, now),
    strategy: configuration.strategy,
    turnSec: configuration.minOnMs / SECOND_MS,
    ...omitUndefined({ phases, tier: tierNow(state, plan, now) }),
  };
};
