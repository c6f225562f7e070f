import { placeOf } from '../connector/blank.ts';
import { meterSampled } from '../connector/readings.ts';
import { heardOf, lost, stationReported, statusReported } from '../connector/status.ts';
import { defined } from '../defined.ts';
import type { Fact, SessionStarted, SessionStopped, StationLost, Where } from '../fact.ts';
import { clockShifted } from '../session/clock-shift.ts';
import { sessionAbandoned, sessionStarted, sessionStopped, sessionUpdated } from '../session/transactions.ts';
import { unreachable } from '../unreachable.ts';
import { clockLearned, withRightTime } from './clock.ts';
import { Draft, type Folded } from './draft.ts';
import { orphaned, startKept, startTaken } from './orphans.ts';
import { type Route, routeOf } from './route.ts';
import type { Scene, StationRecord } from './scene.ts';
import {
  connectionClosed,
  connectionOpened,
  mainMeterSampled,
  noted,
  stationBooted,
  stationHeardOf,
  stationLost,
  stationStatusReported,
} from './station-facts.ts';
import { unchanged } from './step.ts';

type Placed = Fact & Where & { readonly transactionId?: string };
type OnConnector = Extract<Route, { to: 'connector' }>;

/** Starts come before the readings of the same message, stops after them. */
const inSequence = (facts: readonly Fact[]): readonly Fact[] => {
  const rank = ({ type }: Fact): number => (type === 'SessionStarted' ? 0 : type === 'SessionStopped' ? 2 : 1);
  return facts.toSorted((a, b) => rank(a) - rank(b));
};

const note = (draft: Draft, fact: Fact, ordinal: number, topic: string): void =>
  draft.onStation((state) => ({ next: state, changes: [noted(draft.stationId, fact, ordinal, topic)] }));

const onConnector = (draft: Draft, fact: Placed, route: OnConnector, ordinal: number): void => {
  if (!draft.ensure(route, fact.receivedAt)) return note(draft, fact, ordinal, fact.type);
  const moment = draft.moment(route, fact.at, fact.receivedAt);
  const { transactionId: meant } = route;
  const started = fact.transactionId === undefined ? undefined : startKept(draft.scene, fact.transactionId);
  if (started) {
    draft.bindTogether();
    draft.onStation((state) => unchanged(startTaken(state, started.transactionId)));
    draft.onConnector(route, (connector) => sessionStarted(connector, started, { ...moment, at: started.at }));
  }
  switch (fact.type) {
    case 'StatusReported':
      return draft.onConnector(route, (connector) => statusReported(connector, fact, moment));
    case 'MeterSampled':
      return draft.onConnector(route, (connector) =>
        meterSampled(connector, { ...fact, ...defined({ transactionId: meant ?? fact.transactionId }) }, moment),
      );
    case 'SessionStarted':
      return draft.onConnector(route, (connector) => sessionStarted(connector, fact, moment));
    case 'SessionUpdated':
      return draft.onConnector(route, (connector) => sessionUpdated(connector, fact, moment));
    case 'SessionAbandoned':
      return draft.onConnector(route, (connector) => sessionAbandoned(connector, fact, moment));
    case 'SessionStopped': {
      const transactionId = meant ?? fact.transactionId ?? `unknown-${fact.at.toString(36)}`;
      return draft.onConnector(route, (connector) => sessionStopped(connector, { ...fact, transactionId }, moment));
    }
    default:
      return note(draft, fact, ordinal, fact.type);
  }
};

const onStation = (draft: Draft, fact: Placed, ordinal: number): void => {
  switch (fact.type) {
    case 'StatusReported':
      draft.onStation((state) => stationStatusReported(state, fact));
      return draft.onEveryConnector((connector) =>
        stationReported(connector, fact, draft.moment(connector, fact.at, fact.receivedAt)),
      );
    case 'MeterSampled':
      return draft.onStation((state) => mainMeterSampled(state, fact));
    default:
      return note(draft, fact, ordinal, fact.type);
  }
};

const nowhere = (draft: Draft, fact: Placed, ordinal: number): void => {
  if (fact.type === 'SessionStarted') return draft.onStation((state) => unchanged(keptFor(state, fact)));
  if (fact.type !== 'SessionStopped') return note(draft, fact, ordinal, fact.type);
  return draft.onStation((state) => orphaned(state, fact));
};

const keptFor = (state: Parameters<typeof startTaken>[0], fact: SessionStarted) => ({
  ...state,
  unplaced: [fact, ...(startTaken(state, fact.transactionId).unplaced ?? [])].slice(0, 4),
});

/** Sends a fact about a place to the item it belongs to. A decision over several items is taken once, by all of them. */
const placed = (
  draft: Draft,
  fact: Placed,
  ordinal: number,
  beside: OnConnector | undefined,
): OnConnector | undefined => {
  const found = routeOf(draft.scene, fact);
  const route = found.to === 'nowhere' && beside ? beside : found;
  if (route.to === 'station') {
    onStation(draft, fact, ordinal);
    return undefined;
  }
  if (route.byContent) {
    if (draft.isRepeat) return undefined;
    draft.decideTogether();
  }
  if (route.to === 'connector') {
    onConnector(draft, fact, route, ordinal);
    return route;
  }
  nowhere(draft, fact, ordinal);
  return undefined;
};

const lastHeardAt = ({ station, connectors }: Scene): number =>
  Math.max(station.state?.onlineAt ?? 0, ...connectors.map(({ lastSeenAt }) => lastSeenAt));

/** The station is lost, unless it was heard of after the moment the sweep speaks of. */
const onLost = (draft: Draft, fact: StationLost): void => {
  const { scene } = draft;
  if (draft.isRepeat || lastHeardAt(scene) > fact.at || scene.station.state?.online !== true) return;
  draft.decideTogether();
  draft.onStation((state) => stationLost(state, fact));
  draft.onEveryConnector((connector) => lost(connector, draft.moment(connector, fact.at, fact.receivedAt)));
};

/** The registry was written: registered connectors exist from now on, and all take their place from it. */
const onRegistered = (draft: Draft, receivedAt: number): void => {
  const { registration } = draft.scene.station;
  for (const key of registration?.connectors ?? []) draft.ensure(key, receivedAt);
  if (registration === undefined) return;
  draft.onEveryConnector((connector) => {
    const place = placeOf(registration, connector);
    return unchanged(JSON.stringify(place) === JSON.stringify(connector.place) ? connector : { ...connector, place });
  });
};

const onFact = (
  draft: Draft,
  fact: Fact,
  ordinal: number,
  beside: OnConnector | undefined,
): OnConnector | undefined => {
  switch (fact.type) {
    case 'StatusReported':
    case 'MeterSampled':
    case 'SessionStarted':
    case 'SessionUpdated':
    case 'SessionStopped':
    case 'SessionAbandoned':
      return placed(draft, fact, ordinal, beside);
    case 'StationBooted':
      draft.onStation((state) => stationBooted(state, fact));
      return undefined;
    case 'ConnectionOpened':
      draft.onStation((state) => connectionOpened(state, fact));
      return undefined;
    case 'ConnectionClosed':
      draft.onStation((state) => connectionClosed(state, fact));
      return undefined;
    case 'StationLost':
      onLost(draft, fact);
      return undefined;
    case 'StationRegistered':
      onRegistered(draft, fact.receivedAt);
      return undefined;
    case 'TagPresented':
    case 'SecurityEventReported':
    case 'FirmwareStatusReported':
    case 'LogStatusReported':
    case 'DeviceEventReported':
    case 'DataTransferred':
    case 'CommandAnswered':
      note(draft, fact, ordinal, fact.type);
      return undefined;
    case 'Noted':
      note(draft, fact, ordinal, fact.action);
      return undefined;
    default:
      return unreachable(fact);
  }
};

const heard = (draft: Draft, heardAt: number): void => {
  draft.onStation((state) => stationHeardOf(state, heardAt));
  draft.onEveryConnector((connector) => heardOf(connector, draft.moment(connector, heardAt, heardAt)));
};

/** Learns from the stamps of the record. A newly learned offset holds for every item from this record on. */
const learnClock = (draft: Draft, facts: readonly Fact[], receivedAt: number): void => {
  const before = draft.scene.station.state?.clockOffsetMs ?? 0;
  draft.onStation((state) => clockLearned(state, facts, receivedAt));
  const after = draft.scene.station.state?.clockOffsetMs ?? 0;
  if (before === after) return;
  draft.decideTogether();
  // A clock that is ahead was never believed; only stamps of one that is behind have entered open sessions.
  const byMs = before === 0 ? Math.max(0, -after) : 0;
  draft.onEveryConnector((connector) => clockShifted(connector, byMs, draft.moment(connector, receivedAt, receivedAt)));
};

const stopOf = (facts: readonly Fact[]): SessionStopped | undefined =>
  facts.find((fact) => fact.type === 'SessionStopped');

/** Where the stop of the message goes, the readings beside it go too: they may carry no place of their own. */
const besideStop = (draft: Draft, facts: readonly Fact[]): OnConnector | undefined => {
  const stop = stopOf(facts);
  const route = stop && routeOf(draft.scene, stop);
  if (route?.to !== 'connector') return undefined;
  return { ...route, ...defined({ transactionId: route.transactionId ?? stop?.transactionId }) };
};

/**
 * Folds one record over a station: what every item is afterwards, and what has happened. Items past the record stay as they
 * are, so a record may come any number of times. Pure: the same scene and record give the same result.
 */
export const fold = (scene: Scene, record: StationRecord): Folded => {
  const draft = new Draft(scene, record);
  const offsetMs = scene.station.state?.clockOffsetMs;
  const facts = inSequence(record.facts).map((fact) => withRightTime(fact, offsetMs));
  if (record.heardAt !== undefined) heard(draft, record.heardAt);
  const beside = besideStop(draft, facts);
  for (const [ordinal, fact] of facts.entries()) onFact(draft, fact, ordinal, beside);
  if (record.heardAt !== undefined) learnClock(draft, record.facts, record.heardAt);
  return draft.finish();
};
