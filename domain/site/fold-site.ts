import { MINUTE_MS, QUARTER_HOUR_MS } from '../kernel/durations.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { unreachable } from '../kernel/unreachable.ts';
import { continuedSession, openedSession } from './continued-session.ts';
import { earlierLimits, unansweredLimits } from './session-limits.ts';
import type { CommandOutcome, SiteConnector, SiteEvent } from './site-event.ts';
import { connectorPath, evsePath, MOST_SESSIONS, type SiteSession, type SiteState } from './site-state.ts';
import { withSignal } from './with-signal.ts';

/** How long a late image of a connector may still tell of a session that has ended. */
const DEPARTED_MS = QUARTER_HOUR_MS;

/** Takes a session off; its power stays in the meter's reading until the next one. What was wished for it is over. */
const withoutSession = (state: SiteState, gone: SiteSession, rev: number, endedAt: number): SiteState => {
  const { [evsePath(gone)]: _, ...wishes } = state.wishes;
  const { accepted, inFlight, samples } = gone;
  const mostW = Math.max(accepted?.limitW ?? 0, inFlight?.limitW ?? 0);
  const departed = { connector: connectorPath(gone), rev, endedAt, samples, mostW };
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
    const next = continuedSession(known, connector, at);
    return { ...state, sessions: state.sessions.map((session) => (session === known ? next : session)) };
  }
  const without = withArrival(
    known === undefined ? state : withoutSession(state, known, connector.rev, at),
    connector,
    at,
  );
  const begun = openedSession(connector, at);
  if (begun === undefined || without.sessions.length >= MOST_SESSIONS) return without;
  return { ...without, sessions: [...without.sessions, begun] };
};

const settled = (session: SiteSession, { state, at, version, sentAt }: CommandOutcome): SiteSession => {
  const { inFlight, unanswered: _, ...others } = session;
  if (inFlight === undefined || inFlight.version !== version) return session;
  const earlier = unansweredLimits(session, at);
  const stillOpen = earlier.length === 0 ? others : { ...others, unanswered: earlier };
  const { limitW, validUntil, phases } = inFlight;
  switch (state) {
    case 'Accepted': {
      const { refused: __, overruled, ...rest } = others;
      const isOverruled = overruled !== undefined && overruled.limitW > limitW;
      const accepted = { limitW, at, ...omitUndefined({ validUntil, sentAt, phases }) };
      const before = earlierLimits(session, at);
      return {
        ...rest,
        accepted,
        ...(before.length > 0 && { earlier: before }),
        ...(isOverruled && { overruled: { limitW: overruled.limitW, since: at } }),
      };
    }
    case 'NotSupported':
      return { ...stillOpen, isUncontrollable: true };
    case 'Rejected':
    case 'Failed':
      return { ...stillOpen, refused: { limitW: inFlight.limitW, at } };
    case 'Superseded':
    case 'Expired':
      // Never on the wire: what was accepted before still holds, or what was never answered.
      return stillOpen;
    case 'TimedOut':
    case 'Unknown':
      // It may hold or not: both count until the station has said what holds, or a later setpoint is accepted.
      return { ...session, inFlight: { ...inFlight, unansweredAt: at, ...omitUndefined({ sentAt }) } };
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
      return withSignal(state, event.signal);
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
