import type { Connector } from '../connector/connector.ts';
import { sessionUpdated } from '../connector/progress.ts';
import { meterSampled } from '../connector/readings.ts';
import { sessionStarted } from '../connector/starting.ts';
import { stationReported, statusReported } from '../connector/status.ts';
import { sessionAbandoned, sessionStopped } from '../connector/stopping.ts';
import { defined } from '../kernel/defined.ts';
import type { Fact, Where } from '../kernel/fact.ts';
import type { Moment } from '../kernel/moment.ts';
import { type Step, unchanged } from '../kernel/step.ts';
import type { Draft } from './draft.ts';
import { noted } from './noted.ts';
import { orphaned, startKept, startLeft, startTaken } from './orphans.ts';
import { type Route, routeOf } from './route.ts';
import { mainMeterSampled, stationStatusReported } from './station-facts.ts';

/** A fact about a place on the station. */
export type Placed = Fact & Where & { readonly transactionId?: string };
export type OnConnector = Extract<Route, { to: 'connector' }>;

/** One message may hold a thousand events, and what follows from it must fit one item. */
const MOST_NOTES = 250;

/** Keeps a fact as a line on the station's timeline; of a message with very many, the first ones and that there were more. */
export const note = (draft: Draft, fact: Fact, ordinal: number, topic: string): void => {
  if (ordinal > MOST_NOTES) return;
  const line = noted(draft.stationId, fact, ordinal, topic);
  const told = ordinal < MOST_NOTES ? line : { ...line, topic: 'NotesLeftOut', detail: { topic, noted: MOST_NOTES } };
  draft.onStation((state) => ({ next: state, changes: [told] }));
};

/** What a fact does to its connector; undefined for facts that are not about a connector's state. */
const reducerOf = (
  fact: Placed,
  moment: Moment,
  meant: string | undefined,
): ((connector: Connector) => Step<Connector>) | undefined => {
  switch (fact.type) {
    case 'StatusReported':
      return (connector) => statusReported(connector, fact, moment);
    case 'MeterSampled': {
      const sample = { ...fact, ...defined({ transactionId: meant ?? fact.transactionId }) };
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
const placeStart = (draft: Draft, route: OnConnector, moment: Moment, transactionId: string | undefined): void => {
  const started = transactionId === undefined ? undefined : startKept(draft.scene, transactionId);
  if (started === undefined) return;
  draft.bindTogether();
  draft.onStation((state) => unchanged(startTaken(state, started.transactionId)));
  draft.onConnector(route, (connector) => sessionStarted(connector, started, { ...moment, at: started.at }));
};

const onConnector = (draft: Draft, fact: Placed, route: OnConnector, ordinal: number): void => {
  const moment = draft.moment(route, fact.at, fact.receivedAt);
  const reduce = reducerOf(fact, moment, route.transactionId);
  if (reduce && draft.ensure(route, Math.min(fact.at, fact.receivedAt))) {
    placeStart(draft, route, moment, fact.transactionId);
    draft.onConnector(route, reduce);
  } else note(draft, fact, ordinal, fact.type);
};

const onStation = (draft: Draft, fact: Placed, ordinal: number): void => {
  if (fact.type === 'StatusReported') {
    draft.onStation((state) => stationStatusReported(state, fact));
    draft.onEveryConnector((connector) =>
      stationReported(connector, fact, draft.moment(connector, fact.at, fact.receivedAt)),
    );
  } else if (fact.type === 'MeterSampled') draft.onStation((state) => mainMeterSampled(state, fact));
  else note(draft, fact, ordinal, fact.type);
};

const nowhere = (draft: Draft, fact: Placed, ordinal: number): void => {
  if (fact.type === 'SessionStarted') draft.onStation((state) => unchanged(startLeft(state, fact)));
  else if (fact.type === 'SessionStopped') draft.onStation((state) => orphaned(state, fact));
  else note(draft, fact, ordinal, fact.type);
};

/**
 * Sends a fact about a place to the item it belongs to. A decision that rests on several items is taken once and written
 * for all of them together; `beside` is where the stop in the same message goes.
 */
export const placeFact = (draft: Draft, fact: Placed, ordinal: number, beside: OnConnector | undefined): void => {
  const found = routeOf(draft.scene, fact);
  const route = found.to === 'nowhere' && beside ? beside : found;
  if (route.to !== 'station' && route.byContent) {
    if (draft.isRepeat) return;
    draft.decideTogether();
  }
  if (route.to === 'station') onStation(draft, fact, ordinal);
  else if (route.to === 'connector') onConnector(draft, fact, route, ordinal);
  else nowhere(draft, fact, ordinal);
};
