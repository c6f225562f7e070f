import { taperW } from '../charging/bounded.ts';
import type { ControlledSession, SinglePhaseOption, UpperBound } from '../charging/controlled-session.ts';
import { unusedBound } from '../charging/unused-share.ts';
import { HOUR_MS, SECOND_MS } from '../kernel/durations.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { departureOf } from './departure-of.ts';
import { arePhasesLimited } from './limits-now.ts';
import { phaseSwitchingAt, type SitePlan, type Supply } from './site-plan.ts';
import type { BidSet } from './site-signal.ts';
import { evsePath, type SiteSession, type SiteState } from './site-state.ts';

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

/** A session as the allocator is asked about it. */
export const controlledSessionOf = (
  state: SiteState,
  plan: SitePlan,
  session: SiteSession,
  supply: Supply,
  now: number,
): ControlledSession => {
  const { configuration } = plan;
  const { electrics, minW, phases } = supply;
  const isAlternating = electrics.current === 'AC';
  const { bid, priority } = state.wishes[evsePath(session)] ?? {};
  const departure = departureOf(session, state.wishes);
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
      phases: isAlternating || arePhasesLimited(state, plan, now) ? phases : undefined,
    }),
  };
};
