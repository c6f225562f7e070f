import { iso } from '../../domain/kernel/iso.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import { feederLimitW, siteLimitW, tierNow } from '../../domain/site/limits-now.ts';
import { isControllable } from '../../domain/site/session-limits.ts';
import type { SiteConfiguration } from '../../domain/site/site-configuration.ts';
import { type SitePlan, supplyOf } from '../../domain/site/site-plan.ts';
import { blankSite, evsePath, type SiteSession, type SiteState } from '../../domain/site/site-state.ts';

/** Sums of readings without the noise of binary fractions, in tenths of a watt. */
const rounded = (powerW: number): number => Math.round(powerW * 10) / 10;

const presentW = ({ samples }: SiteSession): number | undefined => samples.at(-1)?.powerW;

const sum = (sessions: readonly SiteSession[]): number =>
  rounded(sessions.reduce((total, session) => total + (presentW(session) ?? 0), 0));

const setpointOf = (plan: SitePlan, session: SiteSession, now: number) => {
  const { stationId, evseId, connectorId, sessionId, accepted, inFlight, socPercent, reasons, turn } = session;
  const limitW = accepted === undefined || (accepted.validUntil ?? now + 1) <= now ? undefined : accepted.limitW;
  const drawnW = presentW(session);
  return {
    stationId,
    evseId,
    connectorId,
    sessionId,
    ratedW: supplyOf(plan, session)?.maxW ?? 0,
    reasons: reasons.map(({ kind }) => kind),
    isPaused: turn.kind !== 'charging',
    isControllable: isControllable(plan, session, now),
    ...omitUndefined({
      presentW: drawnW,
      limitW,
      askedW: inFlight?.limitW,
      socPercent,
      deviationW: limitW === undefined || drawnW === undefined ? undefined : rounded(drawnW - limitW),
    }),
  };
};

const feedersOf = (state: SiteState, plan: SitePlan, now: number) =>
  plan.configuration.feeders.map((feeder) => ({
    feederId: feeder.feederId,
    limitW: feederLimitW(state, feeder, now),
    loadW: sum(state.sessions.filter((session) => supplyOf(plan, session)?.electrics.feeder === feeder.feederId)),
  }));

/** How a configured site is controlled now, as the API shows it; its stations are those of the registry. */
export const presentControl = (
  configuration: SiteConfiguration,
  stations: readonly Registration[],
  kept: SiteState | undefined,
  now: number,
) => {
  const state = kept ?? blankSite(configuration.siteId, now);
  const plan = { configuration, stations };
  const { demand, meter, budget, sessions } = state;
  const limitW = siteLimitW(state, plan, now);
  const loadW = sum(sessions);
  return {
    controlled: configuration.controlled,
    limitW,
    loadW,
    headroomW: rounded(limitW - (demand?.powerW ?? loadW)),
    setpoints: sessions.map((session) => setpointOf(plan, session, now)),
    feeders: feedersOf(state, plan, now),
    paused: sessions.filter(({ turn }) => turn.kind !== 'charging').map(evsePath),
    ...(configuration.meter === 'grid' && { meter: meter.kind, meterSince: iso(meter.since) }),
    ...omitUndefined({
      demandW: demand?.powerW,
      demandAt: demand && iso(demand.at),
      budgetW: budget?.capacityW,
      budgetReason: budget?.reason.kind,
      priceTier: tierNow(state, plan, now)?.name,
    }),
  };
};
