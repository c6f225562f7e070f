import { clockShifted } from '../connector/clock-shift.ts';
import { heardOf, lost } from '../connector/status.ts';
import { defined } from '../kernel/defined.ts';
import type { Fact, SessionStopped, StationLost } from '../kernel/fact.ts';
import { unchanged } from '../kernel/step.ts';
import { unreachable } from '../kernel/unreachable.ts';
import { placeOf } from '../registry/place.ts';
import { clockLearned, withRightTime } from './clock.ts';
import { Draft, type Folded } from './draft.ts';
import { note, type OnConnector, placeFact } from './place-fact.ts';
import { routeOf } from './route.ts';
import type { Scene, StationRecord } from './scene.ts';
import { connectionClosed, connectionOpened, stationBooted, stationHeardOf, stationLost } from './station-facts.ts';

/** Starts come before the readings of the same message, stops after them. */
const inSequence = (facts: readonly Fact[]): readonly Fact[] => {
  const rank = ({ type }: Fact): number => (type === 'SessionStarted' ? 0 : type === 'SessionStopped' ? 2 : 1);
  return facts.toSorted((a, b) => rank(a) - rank(b));
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

const onFact = (draft: Draft, fact: Fact, ordinal: number, beside: OnConnector | undefined): void => {
  switch (fact.type) {
    case 'StatusReported':
    case 'MeterSampled':
    case 'SessionStarted':
    case 'SessionUpdated':
    case 'SessionStopped':
    case 'SessionAbandoned':
      placeFact(draft, fact, ordinal, beside);
      break;
    case 'StationBooted':
      draft.onStation((state) => stationBooted(state, fact));
      break;
    case 'ConnectionOpened':
      draft.onStation((state) => connectionOpened(state, fact));
      break;
    case 'ConnectionClosed':
      draft.onStation((state) => connectionClosed(state, fact));
      break;
    case 'StationLost':
      onLost(draft, fact);
      break;
    case 'StationRegistered':
      onRegistered(draft, fact.receivedAt);
      break;
    case 'TagPresented':
    case 'SecurityEventReported':
    case 'FirmwareStatusReported':
    case 'LogStatusReported':
    case 'DeviceEventReported':
    case 'DataTransferred':
    case 'CommandAnswered':
      note(draft, fact, ordinal, fact.type);
      break;
    case 'Noted':
      note(draft, fact, ordinal, fact.action);
      break;
    default:
      unreachable(fact);
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
