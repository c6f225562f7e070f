import type { Connector } from '../connector/connector.ts';
import { isOrphanStop, type OrphanStop, orphanOf } from '../connector/orphan-start.ts';
import { authorizationRefused, hasDelivered, isRefusedStart } from '../connector/refused-start.ts';
import { recentOf, slotOf } from '../connector/session-slots.ts';
import { endingOf } from '../connector/session-stop.ts';
import type { EventContext } from '../kernel/event-context.ts';
import type { Fact, SessionStarted, SessionStopped } from '../kernel/fact.ts';
import { type Transition, unchanged } from '../kernel/transition.ts';
import { endSession } from '../session/end-session.ts';
import { openSession } from '../session/open-session.ts';
import type { StationAggregate } from './station-aggregate.ts';
import type { StationState } from './station-state.ts';

const REMEMBERED = 4;
/** A station has no rating of its own. */
const RATED_W = 0;

/** The start of a transaction that did not say where it was, if the station keeps it. */
export const unplacedStart = ({ station }: StationAggregate, transactionId: string): SessionStarted | undefined =>
  station.state?.unplaced?.find((start) => start.transactionId === transactionId);

/** The station without the start that has found its place. */
export const withoutUnplacedStart = (state: StationState, transactionId: string): StationState => {
  const { unplaced, ...rest } = state;
  const others = unplaced?.filter((start) => start.transactionId !== transactionId) ?? [];
  return others.length > 0 ? { ...rest, unplaced: others } : rest;
};

/** The station keeping a start until a later message tells where it was. */
export const withUnplacedStart = (state: StationState, fact: SessionStarted): StationState => ({
  ...state,
  unplaced: [fact, ...(withoutUnplacedStart(state, fact.transactionId).unplaced ?? [])].slice(0, REMEMBERED),
});

/** A fact of a transaction. */
type OfTransaction = Fact & { readonly transactionId: string };

/**
 * The stop, kept by the station, of the session a fact belongs to: it fitted no connector while only it was known. A start
 * has its id, or what its meters and tag say; any other message its id.
 */
export const unplacedStopOf = (
  { station, connectors }: StationAggregate,
  key: Pick<Connector, 'evseId' | 'connectorId'>,
  fact: OfTransaction,
): OrphanStop | undefined => {
  const { transactionId, at } = fact;
  const orphans = station.state?.orphans ?? [];
  const isKnown = connectors.some(
    (connector) => slotOf(connector, transactionId) ?? recentOf(connector, transactionId),
  );
  const own = connectors.find(({ evseId, connectorId }) => evseId === key.evseId && connectorId === key.connectorId);
  if (own === undefined || isKnown) return undefined;
  if (fact.type === 'SessionStarted') return orphanOf(own, fact, orphans);
  return orphans.filter(isOrphanStop).find((orphan) => orphan.transactionId === transactionId && at <= orphan.endedAt);
};

/** The station without a stop that has found its connector. */
export const withoutUnplacedStop = (state: StationState, { sessionId }: OrphanStop): StationState => ({
  ...state,
  orphans: state.orphans?.filter((orphan) => orphan.sessionId !== sessionId) ?? [],
});

/** A stop that fits no connector: a session of the station (0/0), told once however often the stop comes. */
export const unplacedSessionEnded = (state: StationState, fact: SessionStopped): Transition<StationState> => {
  const { stationId } = state;
  const transactionId = fact.transactionId ?? `unknown-${fact.at.toString(36)}`;
  const known = state.orphans ?? [];
  if (known.some((orphan) => orphan.transactionId === transactionId && orphan.endedAt === fact.at))
    return unchanged(state);
  const context: EventContext = { stationId, evseId: 0, connectorId: 0, at: fact.at, receivedAt: fact.receivedAt };
  const start = state.unplaced?.find((kept) => kept.transactionId === transactionId);
  if (start && isRefusedStart(start) && !hasDelivered(start, fact.meterStopWh)) {
    return { next: state, changes: [authorizationRefused(start, start.tagVerdict, { ...context, at: start.at })] };
  }
  const { meterRefused: _, ...opening } = fact;
  const session = start
    ? openSession({ ...context, at: start.at }, start, [])
    : openSession(context, { ...opening, transactionId }, ['orphan']);
  const { recent, changes } = endSession({ session }, context, RATED_W, endingOf(fact), 'SessionEnded', state.rev + 1);
  const orphans = [recent, ...known].slice(0, REMEMBERED);
  return { next: { ...withoutUnplacedStart(state, transactionId), orphans }, changes };
};
