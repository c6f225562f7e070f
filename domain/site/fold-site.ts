import { isNearLimit, noteUse, nothingUnused, type UnusedShare } from '../charging/unused-share.ts';
import { MINUTE_MS, QUARTER_HOUR_MS, SECOND_MS } from '../kernel/durations.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { unreachable } from '../kernel/unreachable.ts';
import type { Conductors } from '../session/used-conductors.ts';
import { isForMorePhases } from './session-limits.ts';
import type { CommandOutcome, SiteConnector, SiteEvent } from './site-event.ts';
import { type SiteSignal, signalSubject } from './site-signal.ts';
import {
  connectorPath,
  evsePath,
  type Limit,
  MOST_SESSIONS,
  type PowerSample,
  type SiteSession,
  type SiteState,
  type Wishes,
} from './site-state.ts';

const wishFields = { BidSet: 'bid', PrioritySet: 'priority', DepartureSet: 'departure', OptOutSet: 'optOut' } as const;

/** EVSEs drivers may say something about before a car is there. */
const MOST_WISHES = 400;

const signalled = (state: SiteState, signal: SiteSignal): SiteState => {
  const replaces = (known: SiteSignal | undefined): boolean => known === undefined || known.at < signal.at;
  switch (signal.type) {
    case 'SiteDemandMeasured':
      return replaces(state.demand) ? { ...state, demand: signal } : state;
    case 'PricesPublished':
      return replaces(state.prices) ? { ...state, prices: signal } : state;
    case 'SiteLimitSet': {
      const subject = signalSubject(signal);
      const known = state.limits.find((limit) => signalSubject(limit) === subject);
      if (!replaces(known)) return state;
      // One that is over is of no use to anybody; stations have as many as there were events.
      const others = state.limits.filter((limit) => limit !== known && (limit.to ?? signal.at) >= signal.at);
      return { ...state, limits: [...others, signal] };
    }
    case 'BidSet':
    case 'PrioritySet':
    case 'DepartureSet':
    case 'OptOutSet': {
      const path = evsePath(signal);
      const wishes = state.wishes[path] ?? {};
      const field = wishFields[signal.type];
      if (!replaces(wishes[field])) return state;
      const others = Object.entries(state.wishes).filter(([key]) => key !== path);
      const kept: Readonly<Record<string, Wishes>> = Object.fromEntries(others.slice(-(MOST_WISHES - 1)));
      return { ...state, wishes: { ...kept, [path]: { ...wishes, [field]: signal } } };
    }
    default:
      return unreachable(signal);
  }
};

/** A station and its car take this long to follow a new limit. */
const SETTLE_MS = 20 * SECOND_MS;
/** Limits in amperes lose this much in rounding. */
const SAME_W = 70;
/** Less power than this says nothing of the conductors a car draws from. */
const TELLS_CONDUCTORS_W = 1_000;

/**
 * What a car draws from now. More conductors than it was thought to use count at once. Fewer count only by a reading of a car that
 * charges under a limit for all of them: otherwise nobody can tell the car from its limit.
 */
const conductorsAfter = (
  { conductors: known, accepted }: SiteSession,
  { conductors: told, sampledAt = 0, powerW = 0 }: NonNullable<SiteConnector['session']>,
): Conductors | undefined => {
  if (told === undefined || (known !== undefined && told.length > known.length)) return told;
  const isSettled = accepted === undefined || (accepted.phases === undefined && accepted.at + SETTLE_MS <= sampledAt);
  return isSettled && powerW >= TELLS_CONDUCTORS_W ? told : known;
};

/**
 * How much of its limit a session takes, by one more sample. A car below its limit had the time to follow it since it was raised:
 * that a limit was lowered is no reason to draw less than it. One that is near its limit took it, however short a time ago that was
 * raised; the next sample would be no news, and would not be told.
 */
const useAfter = (
  { accepted, raisedAt, use, conductors }: Pick<SiteSession, 'accepted' | 'raisedAt' | 'use' | 'conductors'>,
  sample: PowerSample | undefined,
  isSuspended: boolean,
): UnusedShare => {
  if (sample === undefined || accepted === undefined || isForMorePhases(accepted, conductors)) return use;
  const { limitW } = accepted;
  const changedAt = sample.powerW < limitW ? (raisedAt ?? accepted.at) : accepted.at;
  const isTaken = limitW > 0 && isNearLimit({ limitW, measuredW: sample.powerW });
  if (changedAt + SETTLE_MS > sample.at && !isTaken) return use;
  return noteUse(use, { at: sample.at, limitW, measuredW: sample.powerW, isSuspended });
};

/** The last two samples with one more; one that is not later is no new one. */
const withSample = (samples: readonly PowerSample[], { sampledAt, powerW }: NonNullable<SiteConnector['session']>) => {
  const last = samples.at(-1);
  if (sampledAt === undefined || powerW === undefined || (last !== undefined && sampledAt <= last.at)) return samples;
  return [...samples, { at: sampledAt, powerW }].slice(-2);
};

const opened = ({ session, ...connector }: SiteConnector, seenAt: number): SiteSession | undefined =>
  session && {
    stationId: connector.stationId,
    evseId: connector.evseId,
    connectorId: connector.connectorId,
    sessionId: session.sessionId,
    transactionId: session.transactionId,
    startedAt: session.startedAt,
    seenAt,
    rev: connector.rev,
    isOffline: connector.isOffline,
    turn: { kind: 'arrived', since: session.startedAt },
    use: nothingUnused,
    reasons: [],
    samples: withSample([], session),
    energyWh: session.energyWh,
    ...omitUndefined({
      fallbackW: connector.fallbackW,
      socPercent: session.socPercent,
      conductors: session.conductors,
      suspendedAt: session.isSuspendedByCar ? (session.sampledAt ?? session.startedAt) : undefined,
    }),
  };

/**
 * What a limit that was never answered came to, where the station's own word tells: it holds, or the one before it still does.
 */
const withHeldLimit = <Session extends Pick<SiteSession, 'accepted' | 'inFlight'>>(
  session: Session,
  limitW: number | undefined,
  isNewer: boolean,
): Session => {
  const { accepted, inFlight, ...others } = session;
  if (!isNewer || limitW === undefined || inFlight?.unansweredAt === undefined) return session;
  const isThis = (limit: Limit | undefined): boolean => limit !== undefined && Math.abs(limit.limitW - limitW) < SAME_W;
  if (!isThis(inFlight) && !isThis(accepted)) return session;
  const { limitW: heldW, validUntil, phases } = isThis(inFlight) ? inFlight : (accepted ?? inFlight);
  const held = { limitW: heldW, at: inFlight.at, ...omitUndefined({ validUntil, phases }) };
  return { ...others, accepted: held } as Session;
};

const continued = (known: SiteSession, { session, rev, isOffline, fallbackW }: SiteConnector): SiteSession => {
  if (session === undefined) return known;
  const { suspendedAt, socPercent, fallbackW: _, conductors: __, ...others } = known;
  const conductors = conductorsAfter(known, session);
  const samples = withSample(known.samples, session);
  return {
    ...withHeldLimit(others, session.limitW, known.rev < rev),
    rev,
    isOffline,
    samples,
    use:
      samples === known.samples
        ? known.use
        : useAfter({ ...others, ...omitUndefined({ conductors }) }, samples.at(-1), session.isSuspendedByCar),
    energyWh: session.energyWh,
    ...omitUndefined({
      fallbackW,
      conductors,
      socPercent: session.socPercent ?? socPercent,
      suspendedAt: session.isSuspendedByCar ? (suspendedAt ?? session.sampledAt ?? known.startedAt) : undefined,
    }),
  };
};

/** How long a late image of a connector may still tell of a session that has ended. */
const DEPARTED_MS = QUARTER_HOUR_MS;

/** Takes a session off; its power stays in the meter's reading until the next one. What was wished for it is over. */
const withoutSession = (state: SiteState, gone: SiteSession, rev: number, endedAt: number): SiteState => {
  const { [evsePath(gone)]: _, ...wishes } = state.wishes;
  const departed = { connector: connectorPath(gone), rev, endedAt, samples: gone.samples };
  return {
    ...state,
    wishes,
    sessions: state.sessions.filter((session) => session !== gone),
    departed: [...state.departed.filter((one) => one.endedAt > endedAt - DEPARTED_MS), departed],
  };
};

/**
 * A car that is plugged in is expected to begin; one that has begun, or left, no longer. Where the station is offline one is
 * expected at any time.
 */
const withArrival = (state: SiteState, connector: SiteConnector, at: number): SiteState => {
  const { arriving = [] } = state;
  const { stationId, evseId, connectorId, rev, isOffline, fallbackW, session, awaitsSessionSince } = connector;
  const since = session === undefined ? (awaitsSessionSince ?? (isOffline ? at : undefined)) : undefined;
  const known = arriving.find((one) => connectorPath(one) === connectorPath(connector));
  if ((known === undefined && since === undefined) || (known !== undefined && known.rev > rev)) return state;
  const others = arriving.filter((one) => one !== known);
  if (since === undefined) return { ...state, arriving: others };
  return {
    ...state,
    arriving: [...others, { stationId, evseId, connectorId, rev, since, isOffline, ...omitUndefined({ fallbackW }) }],
  };
};

/** `at`: when we know of it, ms: a session that is gone ended then at the latest. */
const connectorChanged = (state: SiteState, connector: SiteConnector, at: number): SiteState => {
  const path = connectorPath(connector);
  const known = state.sessions.find((session) => connectorPath(session) === path);
  const isOld = (rev: number): boolean => connector.rev < rev;
  if (known === undefined ? state.departed.some((one) => one.connector === path && isOld(one.rev)) : isOld(known.rev))
    return state;
  if (known?.sessionId === connector.session?.sessionId) {
    if (known === undefined) return withArrival(state, connector, at);
    const next = continued(known, connector);
    return { ...state, sessions: state.sessions.map((session) => (session === known ? next : session)) };
  }
  const without = withArrival(
    known === undefined ? state : withoutSession(state, known, connector.rev, at),
    connector,
    at,
  );
  const begun = opened(connector, at);
  if (begun === undefined || without.sessions.length >= MOST_SESSIONS) return without;
  return { ...without, sessions: [...without.sessions, begun] };
};

const settled = (session: SiteSession, { state, at, version }: CommandOutcome): SiteSession => {
  const { inFlight, ...others } = session;
  if (inFlight === undefined || inFlight.version !== version) return session;
  const { limitW, validUntil, phases } = inFlight;
  switch (state) {
    case 'Accepted': {
      const { refused: _, ...rest } = others;
      return { ...rest, accepted: { limitW, at, ...omitUndefined({ validUntil, phases }) } };
    }
    case 'NotSupported':
      return { ...others, isUncontrollable: true };
    case 'Rejected':
    case 'Failed':
      return { ...others, refused: { limitW: inFlight.limitW, at } };
    case 'Superseded':
    case 'Expired':
      // Never on the wire: what was accepted before still holds.
      return others;
    case 'TimedOut':
    case 'Unknown':
      // It may hold or not: both count until the station has said what holds, or a later setpoint is accepted.
      return { ...session, inFlight: { ...inFlight, unansweredAt: at } };
    default:
      return unreachable(state);
  }
};

const setpointEnded = (state: SiteState, outcome: CommandOutcome): SiteState => ({
  ...state,
  sessions: state.sessions.map((session) =>
    evsePath(session) === evsePath(outcome) ? settled(session, outcome) : session,
  ),
});

/** The index that is read for a comparison is a moment behind the stream. */
const YOUNG_MS = MINUTE_MS;

const compared = (state: SiteState, connectors: readonly SiteConnector[], at: number): SiteState => {
  const running = new Set(connectors.flatMap(({ session }) => session?.sessionId ?? []));
  const gone = state.sessions.filter(({ sessionId, seenAt }) => !running.has(sessionId) && seenAt < at - YOUNG_MS);
  const left = gone.reduce((rest, session) => withoutSession(rest, session, session.rev, at), state);
  const taken = connectors.reduce((rest, connector) => connectorChanged(rest, connector, at), left);
  return { ...taken, comparedAt: at };
};

/**
 * Folds what happened into a site. The same event again, and one that is older than what is known, change nothing, so that
 * events may be delivered twice and out of order. `receivedAt` is ms since the epoch.
 */
export const foldSite = (state: SiteState, event: SiteEvent, receivedAt: number): SiteState => {
  switch (event.type) {
    case 'signalled':
      return signalled(state, event.signal);
    case 'connector-changed':
      return connectorChanged(state, event.connector, receivedAt);
    case 'setpoint-ended':
      return setpointEnded(state, event.outcome);
    case 'compared':
      return compared(state, event.connectors, event.at);
    default:
      return unreachable(event);
  }
};
