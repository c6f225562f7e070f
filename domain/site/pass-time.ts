import type { PhaseCurrents } from '../charging/constraints-of.ts';
import { SETTLE_MS } from '../charging/drawn-power.ts';
import { noteUse } from '../charging/unused-share.ts';
import { DAY_MS, MINUTE_MS } from '../kernel/durations.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { phaseLimitsNow, siteLimitW } from './limits-now.ts';
import { otherCurrentsA, otherLoadW, takenAt } from './other-load-w.ts';
import { awakened } from './rest.ts';
import { flowing, isForMorePhases, metered } from './session-limits.ts';
import { isRegistered, type SitePlan, supplyOf } from './site-plan.ts';
import type { SiteDemandMeasured } from './site-signal.ts';
import type { Limit, MeterState, SiteSession, SiteState } from './site-state.ts';
import { standingLimits } from './standing-limits.ts';

/** Now, and since when this worker has heard the site's signals without a gap. */
export type Moment = { readonly now: number; readonly watchingSince: number };

/** As old as a reading in the item may be when a worker takes the site over. */
export const KEEP_READINGS_MS = 5 * MINUTE_MS;

/** Only clear changes of power are told: a meter that has said nothing for so long, under one limit, says the same again. */
const SAME_AGAIN_MS = MINUTE_MS;

/**
 * Whether the meter is heard. Its readings are not written one by one: a worker that has just taken the site over knows an
 * older one than there was, and waits as long as a reading may be old before it concludes that the meter is lost. That it was lost
 * is written at once.
 */
const meterNow = (
  { meter, demand }: SiteState,
  { configuration }: SitePlan,
  { now, watchingSince }: Moment,
): MeterState => {
  const { meterStaleMs } = configuration;
  if (configuration.meter === 'none') return meter.kind === 'fresh' ? meter : { kind: 'fresh', since: now };
  const heardAt = demand === undefined ? Number.NEGATIVE_INFINITY : takenAt(demand);
  const isKept = meter.kind === 'fresh' && heardAt > watchingSince - KEEP_READINGS_MS - meterStaleMs;
  const isCovered = isKept && now - watchingSince <= meterStaleMs;
  const kind = now - heardAt <= meterStaleMs || isCovered ? 'fresh' : 'lost';
  return kind === meter.kind ? meter : { kind, since: now };
};

const withUse = (session: SiteSession, now: number): SiteSession => {
  const { accepted, raisedAt, samples, use, conductors } = session;
  const last = samples.at(-1);
  if (accepted === undefined || last === undefined || use.below > 1 || isForMorePhases(accepted, conductors))
    return session;
  const again = {
    at: Math.max(last.at, raisedAt ?? accepted.at, use.at) + SAME_AGAIN_MS,
    limitW: accepted.limitW,
    measuredW: last.powerW,
  };
  const next = now < again.at ? use : noteUse(use, again);
  // A car that takes what it is given is not given more for saying nothing.
  return next.below > use.below ? { ...session, use: next } : session;
};

/** Takes off what no longer holds: limits that have ended, accepted or not. */
const withoutEnded = (session: SiteSession, now: number): SiteSession => {
  const { accepted, inFlight, earlier, ...others } = session;
  const hasEnded = (limit: Limit | undefined): boolean => limit?.validUntil !== undefined && limit.validUntil <= now;
  if (!hasEnded(accepted) && !hasEnded(inFlight)) return session;
  return {
    ...others,
    ...omitUndefined({
      ...(!hasEnded(accepted) && { accepted, earlier }),
      inFlight: hasEnded(inFlight) ? undefined : inFlight,
    }),
  };
};

/**
 * The outcome of a setpoint follows its deadline, half a minute, at once. Where none comes, its station may have no connection: the
 * question stays open, and others make room.
 */
const OUTCOME_MS = MINUTE_MS;

const withUnanswered = (session: SiteSession, now: number): SiteSession => {
  const { inFlight, isOffline } = session;
  if (inFlight === undefined || isOffline || inFlight.unansweredAt !== undefined) return session;
  return now - inFlight.at < OUTCOME_MS ? session : { ...session, inFlight: { ...inFlight, unansweredAt: now } };
};

/** Who is plugged in for so long without a session will not begin one: a tag that was refused, a driver who went away. */
const ARRIVING_MS = 3 * MINUTE_MS;
/** A station that has been offline for so long is not expected to have a car. */
const UNSEEN_MS = DAY_MS;

/** When a limit had to hold for cars to have followed it at the instant of a reading, ms. */
const followedAt = (demand: SiteDemandMeasured): number => takenAt(demand) - SETTLE_MS;

/** What the site draws on each phase beside its chargers, A, where phases are limited. */
const otherANow = (
  state: SiteState,
  sessions: readonly SiteSession[],
  plan: SitePlan,
  now: number,
): PhaseCurrents | undefined => {
  const { demand, otherA } = state;
  const phases = phaseLimitsNow(state, plan, now);
  if (demand === undefined || phases === undefined) return undefined;
  const { limitA = Number.POSITIVE_INFINITY } = phaseLimitsNow(state, plan, followedAt(demand)) ?? {};
  const phased = sessions.flatMap((session) => {
    const supply = supplyOf(plan, session);
    return supply === undefined
      ? []
      : [{ ...metered(plan, session, now), phases: flowing(plan, session, supply, session.accepted) }];
  });
  // At a higher voltage the cars' own currents are smaller, and what the meter tells beside them is more.
  const voltageV = plan.configuration.phases?.voltageV ?? phases.voltageV;
  return otherCurrentsA(demand, phased, voltageV, {
    limitA: Math.max(phases.limitA, limitA),
    ...omitUndefined({ beforeA: otherA }),
  });
};

/** The site as it is when nothing but time has passed: what has ended is off, the meter is heard or lost. */
export const passTime = (state: SiteState, plan: SitePlan, moment: Moment): SiteState => {
  const { now } = moment;
  const { demand, otherA: _, overLimitAt: __, limitsOver: ___, ...others } = state;
  const limitW = siteLimitW(state, plan, now);
  const meter = meterNow(state, plan, moment);
  const sessions = state.sessions.map((session) =>
    withUnanswered(withUse(withoutEnded(awakened(session, state.wishes, now), now), now), now),
  );
  const known = sessions.filter((session) => isRegistered(plan, session));
  const unregistered = sessions.filter((session) => !isRegistered(plan, session));
  const isOver = demand !== undefined && meter.kind === 'fresh' && demand.powerW > limitW;
  return {
    ...others,
    meter,
    sessions,
    ...standingLimits(state, now),
    departed: state.departed.filter(({ endedAt }) => endedAt > now - 15 * MINUTE_MS),
    ...omitUndefined({
      arriving: state.arriving?.filter(({ since, isOffline }) => since > now - (isOffline ? UNSEEN_MS : ARRIVING_MS)),
    }),
    ...omitUndefined({
      demand,
      overLimitAt: isOver ? (state.overLimitAt ?? demand.at) : undefined,
      otherW:
        demand === undefined
          ? undefined
          : otherLoadW({
              demand,
              sessions: known.map((session) => metered(plan, session, now)),
              unregistered,
              departed: state.departed,
              beforeW: state.otherW,
              limitW: Math.max(limitW, siteLimitW(state, plan, followedAt(demand))),
            }),
      otherA: otherANow(state, known, plan, now),
    }),
  };
};
