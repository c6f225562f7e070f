import type { AllocationProblem, Circuit, PhaseSupply, SiteLoad } from '../charging/allocation-problem.ts';
import { taperW } from '../charging/bounded.ts';
import type { PhaseCurrents } from '../charging/constraints-of.ts';
import type { ControlledSession, ReservedLoad, SinglePhaseOption, UpperBound } from '../charging/controlled-session.ts';
import { unusedBound } from '../charging/unused-share.ts';
import { HOUR_MS, SECOND_MS } from '../kernel/durations.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { GridPhase } from '../registry/electrics.ts';
import { feederLimitW, signalledLimit, siteLimitW, tierNow } from './limits-now.ts';
import { otherCurrentsA } from './other-load-w.ts';
import { isResting } from './rest.ts';
import { baseW, committedW, flowing, isControllable } from './session-limits.ts';
import { type Feeder, fallbackBudgetW } from './site-configuration.ts';
import { phaseSwitchingAt, registered, type SitePlan, type Supply, supplyOf } from './site-plan.ts';
import type { BidSet } from './site-signal.ts';
import { type Arrival, evsePath, type SiteSession, type SiteState } from './site-state.ts';

/** A battery above this takes less and less. */
const TAPER_FROM_PERCENT = 80;
/** A car that takes nothing for so long keeps its minimum, after everybody else. */
const SUSPENDED_MS = 5 * 60_000;
const upperBounds = (session: SiteSession, { maxW }: Supply): ControlledSession['upperBounds'] => {
  const { socPercent, use } = session;
  const drawn = session.samples.at(-1)?.powerW ?? 0;
  const isTapering = socPercent !== undefined && socPercent > TAPER_FROM_PERCENT;
  const taper = isTapering ? taperW(maxW, socPercent, TAPER_FROM_PERCENT) : 0;
  const others: (UpperBound | undefined)[] = [
    isTapering ? { by: 'taper', powerW: Math.max(taper, drawn + 1_000) } : undefined,
    unusedBound(use),
  ];
  return [{ by: 'rating', powerW: maxW }, ...others.filter((bound) => bound !== undefined)];
};

/** Whether the sender of a bid may set bids at this site. */
const mayBid = ({ configuration: { bidders } }: SitePlan, { by }: BidSet): boolean =>
  bidders.length === 0 || bidders.includes(by);

const seconds = (fromMs: number, toMs: number): number => Math.max(0, Math.round((toMs - fromMs) / 1_000));

/**
 * Waiting counts by whole turns: whoever has waited for less than that takes nobody's place, otherwise a pause of seconds would
 * outweigh a quarter of an hour of charging and cars would change places with every decision.
 */
const waitedSec = (fromMs: number, toMs: number, turnMs: number): number => {
  const waited = seconds(fromMs, toMs);
  return waited - (waited % Math.max(1, turnMs / SECOND_MS));
};

/**
 * What a session still wants, Wh, where its driver said how much. Meters speak once a minute: since the last sample it went on as
 * it was.
 */
const wishedWh = (
  { energyWh, samples }: SiteSession,
  wantedWh: number | undefined,
  now: number,
): number | undefined => {
  if (wantedWh === undefined) return undefined;
  const last = samples.at(-1);
  const sinceWh = last === undefined ? 0 : (last.powerW * Math.max(0, now - last.at)) / HOUR_MS;
  return Math.max(0, Math.round(wantedWh - energyWh - sinceWh));
};

/**
 * How a car on three phases could go on with one, where its station can switch: on whichever it is told, or on the first. Without the
 * limits of phases any serves, so that the first one is asked for.
 */
const singlePhaseOption = (
  plan: SitePlan,
  session: SiteSession,
  { electrics, phases, maxW }: Supply,
  now: number,
): SinglePhaseOption | undefined => {
  const switching = phaseSwitchingAt(plan, session);
  const [first, ...others] = phases;
  if (switching === undefined || electrics.current === 'DC' || first === undefined || others.length === 0)
    return undefined;
  const { accepted, inFlight, switchedAt } = session;
  return {
    minW: electrics.minimumA * electrics.voltageV,
    maxW: maxW / phases.length,
    stepW: electrics.voltageV / 10,
    choices: switching === 'any-phase' ? [first, ...others] : [first],
    ...omitUndefined({
      now:
        switchedAt === undefined
          ? undefined
          : {
              phases: (inFlight ?? accepted)?.phases ?? phases,
              forSec: seconds(switchedAt, now),
            },
    }),
  };
};

const controlled = (
  state: SiteState,
  plan: SitePlan,
  session: SiteSession,
  supply: Supply,
  now: number,
): ControlledSession => {
  const { configuration } = plan;
  const { electrics, minW, phases } = supply;
  const isAlternating = electrics.current === 'AC';
  const { bid, priority, departure } = state.wishes[evsePath(session)] ?? {};
  const { turn, suspendedAt, startedAt } = session;
  const isLeaving = departure !== undefined && departure.departureAt > now;
  return {
    id: evsePath(session),
    minW,
    upperBounds: upperBounds(session, supply),
    arrival: startedAt,
    waitingSec: turn.kind === 'charging' ? 0 : waitedSec(turn.since, now, configuration.minOnMs),
    suspended: suspendedAt !== undefined && suspendedAt <= now - SUSPENDED_MS,
    solarOnly: configuration.onlySolar,
    ...omitUndefined({
      stepW: isAlternating ? (electrics.voltageV * phases.length) / 10 : undefined,
      singlePhase: singlePhaseOption(plan, session, supply, now),
      onForSec: turn.kind === 'charging' ? seconds(turn.since, now) : undefined,
      priority: priority?.priority,
      bid: bid !== undefined && bid.perKwh > 0 && mayBid(plan, bid) ? bid.perKwh : undefined,
      wish: isLeaving
        ? {
            departureInSec: seconds(now, departure.departureAt),
            ...omitUndefined({ energyWh: wishedWh(session, departure.energyWh, now) }),
          }
        : undefined,
      // Direct current, too, is taken off three phases: where phases are limited it counts on each of them.
      phases: isAlternating || configuration.phases !== undefined ? phases : undefined,
    }),
  };
};

type PlacedCar = Pick<SiteSession, 'stationId' | 'evseId' | 'connectorId'>;

/** Cars that are about to begin, at EVSEs where none has begun. */
const arrivalsOf = ({ arriving = [], sessions }: SiteState): readonly Arrival[] =>
  arriving.filter((arrival) => !sessions.some((session) => evsePath(session) === evsePath(arrival)));

/** Ids of everything on a feeder and on the feeders below it. */
const behind = (feeder: Feeder, plan: SitePlan, cars: readonly PlacedCar[]): readonly string[] => {
  const { feeders } = plan.configuration;
  const below = (feederId: string): readonly string[] => [
    feederId,
    ...feeders.filter(({ parent }) => parent === feederId).flatMap((child) => below(child.feederId)),
  ];
  const names = below(feeder.feederId);
  return cars.filter((car) => names.includes(supplyOf(plan, car)?.electrics.feeder ?? '')).map(evsePath);
};

/** Feeders with their limits now, the contracts of stations, and what events of the grid leave them. */
const circuitsOf = (state: SiteState, plan: SitePlan, now: number): readonly Circuit[] => {
  const cars: readonly PlacedCar[] = [...state.sessions, ...arrivalsOf(state)];
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
  const { accepted, inFlight } = session;
  const isLeaving = inFlight !== undefined && inFlight.phases?.join() !== accepted?.phases?.join();
  const [before, after] = [flowing(plan, session, supply, accepted), flowing(plan, session, supply, inFlight)];
  const onEach = (powerW: number, phases: readonly GridPhase[], phase: GridPhase): number =>
    phases.includes(phase) ? powerW / phases.length / voltageV : 0;
  const { inFlight: _, ...held } = session;
  const [heldW, mostW] = isLeaving ? [committedW(plan, held, now), committedW(plan, session, now)] : [0, 0];
  const of = (phase: GridPhase): number => Math.max(0, onEach(heldW, before, phase) - onEach(mostW, after, phase));
  return { L1: of('L1'), L2: of('L2'), L3: of('L3') };
};

/** The phases of the connection: what each carries, and what the building, and cars that leave a phase, draw of it. */
const phasesOf = (state: SiteState, plan: SitePlan, now: number): PhaseSupply | undefined => {
  const { phases } = plan.configuration;
  if (phases === undefined) return undefined;
  const { demand, meter, sessions } = state;
  const drawing = sessions.flatMap((session) => {
    const supply = supplyOf(plan, session);
    return supply === undefined ? [] : [{ session, supply }];
  });
  const isHeard = demand !== undefined && meter.kind === 'fresh';
  const phased = drawing.map(({ session, supply }) => ({
    ...session,
    phases: flowing(plan, session, supply, session.accepted),
  }));
  const loads = [
    ...(isHeard ? [otherCurrentsA(demand, phased, phases.voltageV)] : []),
    ...drawing.map(({ session, supply }) => leavingA(plan, session, supply, now, phases.voltageV)),
  ].filter((load) => load !== undefined);
  const otherA = (phase: GridPhase): number => loads.reduce((total, load) => total + load[phase], 0);
  return {
    ...phases,
    limitA: Math.min(phases.limitA, signalledLimit(state.limits, { kind: 'phases' }, now)),
    otherA: { L1: otherA('L1'), L2: otherA('L2'), L3: otherA('L3') },
  };
};

const loadOf = ({ meter, otherW }: SiteState, { configuration }: SitePlan): SiteLoad => {
  if (configuration.meter === 'none') return { kind: 'measured', siteW: 0, chargingW: 0 };
  if (meter.kind === 'lost' || otherW === undefined)
    return { kind: 'unknown', safeBudgetW: fallbackBudgetW(configuration) };
  return { kind: 'measured', siteW: otherW, chargingW: 0 };
};

/** What the allocator is asked about a site now. */
export const siteProblem = (state: SiteState, plan: SitePlan, now: number): AllocationProblem => {
  const { configuration } = plan;
  const sessions: ControlledSession[] = [];
  const reserved: ReservedLoad[] = [];
  for (const session of state.sessions) {
    const supply = supplyOf(plan, session);
    if (supply === undefined) continue;
    if (!isResting(session) && isControllable(plan, session, now))
      sessions.push(controlled(state, plan, session, supply, now));
    else
      reserved.push({
        id: evsePath(session),
        reservedW: committedW(plan, session, now),
        ...omitUndefined({ phases: configuration.phases && supply.phases }),
      });
  }
  // A car that begins draws its fall-back before anybody can tell it less: room is made while its driver presents a tag.
  for (const arrival of arrivalsOf(state)) {
    const supply = supplyOf(plan, arrival);
    if (supply === undefined) continue;
    reserved.push({
      id: evsePath(arrival),
      reservedW: baseW(arrival, supply),
      ...omitUndefined({ phases: configuration.phases && supply.phases }),
    });
  }
  return {
    site: {
      limitW: siteLimitW(state, plan, now),
      marginShare: configuration.marginPercent / 100,
      load: loadOf(state, plan),
    },
    sessions,
    reserved,
    circuits: circuitsOf(state, plan, now),
    strategy: configuration.strategy,
    turnSec: configuration.minOnMs / SECOND_MS,
    ...omitUndefined({ phases: phasesOf(state, plan, now), tier: tierNow(state, plan, now) }),
  };
};

/** Whether the registry knows the connector of a session: one it does not know counts as load of the building. */
export const isRegistered = (plan: SitePlan, session: SiteSession): boolean => registered(plan, session) !== undefined;
