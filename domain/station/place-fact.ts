import { availabilityChecked } from '../connector/availability-agreed.ts';
import { type Connector, recentOf, slotOf } from '../connector/connector.ts';
import { stationStatusOverlaid, statusReported } from '../connector/effective-status.ts';
import { earlierReadingsTaken, meterSampled } from '../connector/meter-sampled.ts';
import { readingsOf, refusedStartOf } from '../connector/refused-start.ts';
import {
  refusedStartMovedAway,
  refusedStartMovedHere,
  sessionMovedAway,
  sessionMovedHere,
} from '../connector/session-moved.ts';
import { endMovedHere, meteredSessionIn } from '../connector/session-slots.ts';
import { sessionStarted } from '../connector/session-started.ts';
import { sessionAbandoned, sessionStopped } from '../connector/session-stopped.ts';
import { sessionUpdated } from '../connector/session-updated.ts';
import { withoutIdleReading } from '../connector/unclaimed-reading.ts';
import type { EventContext } from '../kernel/event-context.ts';
import type { EvseRef, Fact } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { inSequence, type Transition, unchanged } from '../kernel/transition.ts';
import { type Mistaken, mistakenHolder, type Route, routeBeside } from './route.ts';
import type { StationAggregate } from './station-aggregate.ts';
import { stationEvent } from './station-event.ts';
import { mainMeterSampled, stationStatusReported } from './station-state.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import {
  unplacedFacts,
  unplacedSessionEnded,
  unplacedStopOf,
  withoutUnplacedEnd,
  withoutUnplacedFacts,
  withUnplacedFact,
} from './unplaced-session.ts';

/** A fact about a place on the station. */
export type Placed = Fact & EvseRef & { readonly transactionId?: string; readonly seqNo?: number };
export type OnConnector = Extract<Route, { to: 'connector' }>;

/** One message may hold a thousand events, and what follows from it must fit one item. */
const MOST_EVENTS = 250;

/** Records a fact on the station's timeline; of a message with very many, the first ones and that there were more. */
export const recordEvent = (unitOfWork: UnitOfWork, fact: Fact, ordinal: number, topic: string): void => {
  if (ordinal > MOST_EVENTS) return;
  const event = stationEvent(unitOfWork.stationId, fact, ordinal, topic);
  const recorded =
    ordinal < MOST_EVENTS ? event : { ...event, topic: 'EventsLeftOut', detail: { topic, recorded: MOST_EVENTS } };
  unitOfWork.onStation((state) => ({ next: state, changes: [recorded] }));
};

type Reducer = (connector: Connector) => Transition<Connector>;

/** What a fact does to its connector; undefined for facts that are not about a connector's state. */
const reducerOf = (fact: Placed, context: EventContext, matchedId: string | undefined): Reducer | undefined => {
  switch (fact.type) {
    case 'StatusReported':
      return (connector) =>
        inSequence(
          connector,
          (reported) => statusReported(reported, fact, context),
          (reported) => availabilityChecked(reported, context),
        );
    case 'MeterSampled': {
      const sample = { ...fact, ...omitUndefined({ transactionId: matchedId ?? fact.transactionId }) };
      return (connector) =>
        inSequence(
          connector,
          (before) => meterSampled(before, sample, context),
          (after) => earlierReadingsTaken(after, context),
        );
    }
    case 'SessionStarted':
      return (connector) =>
        inSequence(
          connector,
          (before) => sessionStarted(before, fact, context),
          (after) => earlierReadingsTaken(after, context),
        );
    case 'SessionUpdated':
      return (connector) =>
        inSequence(
          connector,
          (before) => sessionUpdated(before, fact, context),
          (after) => earlierReadingsTaken(after, context),
        );
    case 'SessionAbandoned':
      return (connector) => sessionAbandoned(connector, fact, context);
    case 'SessionStopped': {
      const transactionId = matchedId ?? fact.transactionId ?? `unknown-${fact.at.toString(36)}`;
      return (connector) =>
        inSequence(
          connector,
          (before) => sessionStopped(before, { ...fact, transactionId }, context),
          (after) => earlierReadingsTaken(after, context),
        );
    }
    default:
      return undefined;
  }
};

/** A session that ended before it was known where it was: its record moves to the connector before anything else happens. */
const placeEnd = (unitOfWork: UnitOfWork, route: OnConnector, fact: Placed): void => {
  const { transactionId } = fact;
  const ended =
    transactionId === undefined ? undefined : unplacedStopOf(unitOfWork.aggregate, route, { ...fact, transactionId });
  if (ended === undefined) return;
  const context = unitOfWork.contextOf(route, fact.at, fact.receivedAt);
  unitOfWork.bindTogether();
  unitOfWork.onStation((state) => unchanged(withoutUnplacedEnd(state, ended)));
  unitOfWork.onConnector(route, (connector) => endMovedHere(connector, ended, context));
};

/** What a transaction told before it was known where it was is told to its connector now. */
const placeFacts = (unitOfWork: UnitOfWork, route: OnConnector, transactionId: string | undefined): void => {
  const facts = transactionId === undefined ? [] : unplacedFacts(unitOfWork.aggregate, transactionId);
  if (transactionId === undefined || facts.length === 0) return;
  unitOfWork.bindTogether();
  unitOfWork.onStation((state) => unchanged(withoutUnplacedFacts(state, transactionId)));
  for (const fact of facts) {
    const reduce = reducerOf(fact, unitOfWork.contextOf(route, fact.at, fact.receivedAt), undefined);
    if (reduce) unitOfWork.onConnector(route, reduce);
  }
};

/** What moves from one connector to another: the reducers of both. */
type Move = { readonly away: Reducer; readonly here: Reducer };

/**
 * How the live session of a connector moves. Not where it has been told to have ended there, nor where the other has newer
 * ones.
 */
const sessionMove = (
  unitOfWork: UnitOfWork,
  { holder: from, transactionId, named }: Mistaken,
  { at, receivedAt }: Placed,
): Move | undefined => {
  const metered = meteredSessionIn(from, 'session');
  if (metered?.session.transactionId !== transactionId) return undefined;
  const { sessionId, startedAt } = metered.session;
  const known = unitOfWork.aggregate.connectors.find(
    ({ evseId, connectorId }) => evseId === named.evseId && connectorId === named.connectorId,
  );
  const isOlder = [known?.session, ...(known?.recent ?? [])].some((other) => other && other.startedAt > startedAt);
  const hasEnded = from.recent.some((ended) => ended.sessionId === sessionId);
  if (isOlder || hasEnded) return undefined;
  return {
    away: (before) => sessionMovedAway(before, metered, unitOfWork.contextOf(from, at, receivedAt)),
    here: (before) => sessionMovedHere(before, metered, from.rev, unitOfWork.contextOf(named, at, receivedAt)),
  };
};

/** How the refused start of a transaction moves that no session has come of. */
const refusalMove = ({ holder: from, transactionId }: Mistaken): Move | undefined => {
  const start = refusedStartOf(from, transactionId);
  const isSession = (slotOf(from, transactionId) ?? recentOf(from, transactionId)) !== undefined;
  if (start === undefined || isSession) return undefined;
  const readings = readingsOf(from, start);
  return {
    away: (before) => unchanged(refusedStartMovedAway(before, start)),
    here: (before) => unchanged(refusedStartMovedHere(before, start, readings)),
  };
};

/**
 * A message names its connector, and those before named only the EVSE: its live session, or its refused start, moves here
 * from the other connector of the EVSE that it was taken for. Says whether it did.
 */
const moveHere = (unitOfWork: UnitOfWork, mistaken: Mistaken, fact: Placed): boolean => {
  const move = sessionMove(unitOfWork, mistaken, fact) ?? refusalMove(mistaken);
  if (move === undefined || !unitOfWork.ensure(mistaken.named, Math.min(fact.at, fact.receivedAt))) return false;
  unitOfWork.bindTogether();
  unitOfWork.onConnector(mistaken.holder, move.away);
  unitOfWork.onConnector(mistaken.named, move.here);
  return true;
};

/** The open sessions of a connector, by their ids. */
const openIds = ({ connectors }: StationAggregate, { evseId, connectorId }: OnConnector): string => {
  const own = connectors.find((connector) => connector.evseId === evseId && connector.connectorId === connectorId);
  return `${own?.session?.sessionId}#${own?.past?.sessionId}`;
};

/** The connectors of an EVSE have one meter: what a session of one draws lies beyond the registers the others were left at. */
const siblingsSuperseded = (unitOfWork: UnitOfWork, { evseId, connectorId }: OnConnector, at: number): void => {
  const superseded = unitOfWork.aggregate.connectors.filter(
    (other) =>
      other.evseId === evseId && other.connectorId !== connectorId && other.idle !== undefined && other.idle.at < at,
  );
  if (superseded.length > 0) unitOfWork.bindTogether();
  for (const other of superseded) unitOfWork.onConnector(other, (before) => unchanged(withoutIdleReading(before)));
};

const onConnector = (unitOfWork: UnitOfWork, fact: Placed, route: OnConnector, ordinal: number): void => {
  const context = unitOfWork.contextOf(route, fact.at, fact.receivedAt);
  const reduce = reducerOf(fact, context, route.transactionId);
  if (reduce && unitOfWork.ensure(route, Math.min(fact.at, fact.receivedAt))) {
    placeEnd(unitOfWork, route, fact);
    placeFacts(unitOfWork, route, fact.transactionId);
    const before = openIds(unitOfWork.aggregate, route);
    unitOfWork.onConnector(route, reduce);
    if (openIds(unitOfWork.aggregate, route) !== before) siblingsSuperseded(unitOfWork, route, fact.at);
  } else recordEvent(unitOfWork, fact, ordinal, fact.type);
};

const onStation = (unitOfWork: UnitOfWork, fact: Placed, ordinal: number): void => {
  if (fact.type === 'StatusReported') {
    unitOfWork.onStation((state) => stationStatusReported(state, fact));
    unitOfWork.onEveryConnector((connector) => {
      const context = unitOfWork.contextOf(connector, fact.at, fact.receivedAt);
      return inSequence(
        connector,
        (reported) => stationStatusOverlaid(reported, fact, context),
        (reported) => availabilityChecked(reported, context),
      );
    });
  } else if (fact.type === 'MeterSampled') unitOfWork.onStation((state) => mainMeterSampled(state, fact));
  else recordEvent(unitOfWork, fact, ordinal, fact.type);
};

const nowhere = (unitOfWork: UnitOfWork, fact: Placed, ordinal: number): void => {
  const { transactionId } = fact;
  const isOfTransaction =
    fact.type === 'SessionStarted' || fact.type === 'SessionUpdated' || fact.type === 'MeterSampled';
  if (isOfTransaction && transactionId !== undefined)
    unitOfWork.onStation((state) => unchanged(withUnplacedFact(state, { ...fact, transactionId })));
  else if (fact.type === 'SessionStopped') unitOfWork.onStation((state) => unplacedSessionEnded(state, fact));
  else recordEvent(unitOfWork, fact, ordinal, fact.type);
};

/**
 * Sends a fact about a place to the item it belongs to. A decision that rests on several items is taken once and written
 * for all of them together; `beside` is where the stop in the same message goes.
 */
export const placeFact = (
  unitOfWork: UnitOfWork,
  fact: Placed,
  ordinal: number,
  beside: OnConnector | undefined,
): void => {
  const mistaken = mistakenHolder(unitOfWork.aggregate.connectors, fact);
  const isMoved = mistaken !== undefined && moveHere(unitOfWork, mistaken, fact);
  const found = routeBeside(unitOfWork.aggregate, fact, isMoved ? undefined : mistaken);
  const route = found.to === 'nowhere' && beside ? beside : found;
  if (route.to !== 'station' && route.byContent) {
    if (unitOfWork.isRepeat) return;
    unitOfWork.decideTogether();
  }
  if (route.to === 'station') onStation(unitOfWork, fact, ordinal);
  else if (route.to === 'connector') onConnector(unitOfWork, fact, route, ordinal);
  else nowhere(unitOfWork, fact, ordinal);
};
