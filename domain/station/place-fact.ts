import type { Connector } from '../connector/connector.ts';
import { sessionUpdated } from '../connector/progress.ts';
import { meterSampled } from '../connector/readings.ts';
import { sessionStarted } from '../connector/starting.ts';
import { stationReported, statusReported } from '../connector/status.ts';
import { sessionAbandoned, sessionStopped } from '../connector/stopping.ts';
import type { EventContext } from '../kernel/event-context.ts';
import type { EvseRef, Fact } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { type Transition, unchanged } from '../kernel/transition.ts';
import { noted } from './noted.ts';
import { orphaned, startKept, startLeft, startTaken } from './orphans.ts';
import { type Route, routeOf } from './route.ts';
import { mainMeterSampled, stationStatusReported } from './station-facts.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** A fact about a place on the station. */
export type Placed = Fact & EvseRef & { readonly transactionId?: string };
export type OnConnector = Extract<Route, { to: 'connector' }>;

/** One message may hold a thousand events, and what follows from it must fit one item. */
const MOST_NOTES = 250;

/** Keeps a fact as a line on the station's timeline; of a message with very many, the first ones and that there were more. */
export const note = (unitOfWork: UnitOfWork, fact: Fact, ordinal: number, topic: string): void => {
  if (ordinal > MOST_NOTES) return;
  const line = noted(unitOfWork.stationId, fact, ordinal, topic);
  const told = ordinal < MOST_NOTES ? line : { ...line, topic: 'NotesLeftOut', detail: { topic, noted: MOST_NOTES } };
  unitOfWork.onStation((state) => ({ next: state, changes: [told] }));
};

/** What a fact does to its connector; undefined for facts that are not about a connector's state. */
const reducerOf = (
  fact: Placed,
  moment: EventContext,
  meant: string | undefined,
): ((connector: Connector) => Transition<Connector>) | undefined => {
  switch (fact.type) {
    case 'StatusReported':
      return (connector) => statusReported(connector, fact, moment);
    case 'MeterSampled': {
      const sample = { ...fact, ...omitUndefined({ transactionId: meant ?? fact.transactionId }) };
      return (connector) => meterSampled(connector, sample, moment);
    }
    case 'SessionStarted':
      return (connector) => sessionStarted(connector, fact, moment);
    case 'SessionUpdated':
      return (connector) => sessionUpdated(connector, fact, moment);
    case 'SessionAbandoned':
      return (connector) => sessionAbandoned(connector, fact, moment);
    case 'SessionStopped': {
      const transactionId = meant ?? fact.transactionId ?? `unknown-${fact.at.toString(36)}`;
      return (connector) => sessionStopped(connector, { ...fact, transactionId }, moment);
    }
    default:
      return undefined;
  }
};

/** A start that did not say where it was has found its place: it begins there before anything else happens. */
const placeStart = (
  unitOfWork: UnitOfWork,
  route: OnConnector,
  moment: EventContext,
  transactionId: string | undefined,
): void => {
  const started = transactionId === undefined ? undefined : startKept(unitOfWork.aggregate, transactionId);
  if (started === undefined) return;
  unitOfWork.bindTogether();
  unitOfWork.onStation((state) => unchanged(startTaken(state, started.transactionId)));
  unitOfWork.onConnector(route, (connector) => sessionStarted(connector, started, { ...moment, at: started.at }));
};

const onConnector = (unitOfWork: UnitOfWork, fact: Placed, route: OnConnector, ordinal: number): void => {
  const moment = unitOfWork.moment(route, fact.at, fact.receivedAt);
  const reduce = reducerOf(fact, moment, route.transactionId);
  if (reduce && unitOfWork.ensure(route, Math.min(fact.at, fact.receivedAt))) {
    placeStart(unitOfWork, route, moment, fact.transactionId);
    unitOfWork.onConnector(route, reduce);
  } else note(unitOfWork, fact, ordinal, fact.type);
};

const onStation = (unitOfWork: UnitOfWork, fact: Placed, ordinal: number): void => {
  if (fact.type === 'StatusReported') {
    unitOfWork.onStation((state) => stationStatusReported(state, fact));
    unitOfWork.onEveryConnector((connector) =>
      stationReported(connector, fact, unitOfWork.moment(connector, fact.at, fact.receivedAt)),
    );
  } else if (fact.type === 'MeterSampled') unitOfWork.onStation((state) => mainMeterSampled(state, fact));
  else note(unitOfWork, fact, ordinal, fact.type);
};

const nowhere = (unitOfWork: UnitOfWork, fact: Placed, ordinal: number): void => {
  if (fact.type === 'SessionStarted') unitOfWork.onStation((state) => unchanged(startLeft(state, fact)));
  else if (fact.type === 'SessionStopped') unitOfWork.onStation((state) => orphaned(state, fact));
  else note(unitOfWork, fact, ordinal, fact.type);
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
  const found = routeOf(unitOfWork.aggregate, fact);
  const route = found.to === 'nowhere' && beside ? beside : found;
  if (route.to !== 'station' && route.byContent) {
    if (unitOfWork.isRepeat) return;
    unitOfWork.decideTogether();
  }
  if (route.to === 'station') onStation(unitOfWork, fact, ordinal);
  else if (route.to === 'connector') onConnector(unitOfWork, fact, route, ordinal);
  else nowhere(unitOfWork, fact, ordinal);
};
