import { availabilityAgreed } from '../connector/availability-agreed.ts';
import { clockShifted } from '../connector/clock-shifted.ts';
import type { Connector } from '../connector/connector.ts';
import { connectorHeardOf, connectorLost } from '../connector/effective-status.ts';
import { limitsReported, profilesAfterBoot, profilesChanged } from '../connector/profiles-changed.ts';
import type {
  AvailabilityAgreed,
  Fact,
  ProfilesChanged,
  SessionStopped,
  StationBooted,
  StationLost,
} from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { unchanged } from '../kernel/transition.ts';
import { unreachable } from '../kernel/unreachable.ts';
import type { Supply } from '../profile/charging-rate.ts';
import type { Make } from '../registry/place.ts';
import { clockLearned, withRightTime } from './clock-learned.ts';
import { type OnConnector, type Placed, placeFact, recordEvent } from './place-fact.ts';
import { reservationAnswered, reservationReleased, reservationUsed } from './reservation-record.ts';
import { routeOf } from './route.ts';
import type { StationAggregate, StationRecord } from './station-aggregate.ts';
import {
  capabilitiesLearned,
  connectionClosed,
  connectionOpened,
  reservationTold,
  stationBooted,
  stationHeardOf,
  stationLost,
  stationProfilesChanged,
} from './station-state.ts';
import { type FoldResult, UnitOfWork } from './unit-of-work.ts';

/** Starts come before the readings of the same message, stops after them. */
const inSequence = (facts: readonly Fact[]): readonly Fact[] => {
  const rank = ({ type }: Fact): number => (type === 'SessionStarted' ? 0 : type === 'SessionStopped' ? 2 : 1);
  return facts.toSorted((a, b) => rank(a) - rank(b));
};

/** The station is lost, unless it was heard of after the instant the sweep speaks of. */
const onLost = (unitOfWork: UnitOfWork, fact: StationLost): void => {
  const { station, connectors } = unitOfWork.aggregate;
  const presence = station.state?.presence;
  if (unitOfWork.isRepeat || presence?.kind !== 'online') return;
  if (Math.max(presence.since, ...connectors.map(({ lastSeenAt }) => lastSeenAt)) > fact.at) return;
  unitOfWork.decideTogether();
  unitOfWork.onStation((state) => stationLost(state, fact));
  unitOfWork.onEveryConnector((connector) =>
    connectorLost(connector, unitOfWork.contextOf(connector, fact.at, fact.receivedAt)),
  );
};

/** The registry was written: registered connectors exist from now on, and all take their place from it. */
const onRegistered = (unitOfWork: UnitOfWork, receivedAt: number): void => {
  const { registration } = unitOfWork.aggregate.station;
  for (const key of registration?.connectors ?? []) unitOfWork.ensure(key, receivedAt);
  if (registration === undefined) return;
  unitOfWork.onEveryConnector((connector) => {
    const place = unitOfWork.placeOf(connector);
    return unchanged(JSON.stringify(place) === JSON.stringify(connector.place) ? connector : { ...connector, place });
  });
};

/** A session that names a reservation has used it. */
const useReservation = (unitOfWork: UnitOfWork, fact: Placed): void => {
  const { reservationId, transactionId, evseId } = { reservationId: undefined, ...fact };
  if (reservationId === undefined) return;
  const { at, receivedAt } = fact;
  const used = reservationUsed({ reservationId, receivedAt, ...omitUndefined({ transactionId, evseId }) });
  unitOfWork.onStation((state) => reservationTold(state, used, { at, receivedAt }));
};

/** The station agreed to take some of its connectors into or out of service. */
const onAvailabilityAgreed = (unitOfWork: UnitOfWork, fact: AvailabilityAgreed): void => {
  const { evseId = 0, connectorId } = fact;
  const isMeant = (connector: Connector): boolean =>
    evseId === 0 ||
    (connector.evseId === evseId && (connectorId === undefined || connector.connectorId === connectorId));
  unitOfWork.onEveryConnector((connector) =>
    isMeant(connector)
      ? availabilityAgreed(connector, fact, unitOfWork.contextOf(connector, fact.at, fact.receivedAt))
      : unchanged(connector),
  );
};

const isSameMake = (one: Make, other: Make): boolean =>
  one.vendor === other.vendor && one.model === other.model && one.firmware === other.firmware;

/** The station restarted, perhaps with another firmware. One that was only asked to say so did not. */
const onBooted = (unitOfWork: UnitOfWork, fact: StationBooted): void => {
  unitOfWork.onStation((state) => stationBooted(state, fact));
  unitOfWork.onEveryConnector((connector) => {
    const place = unitOfWork.placeOf(connector);
    return unchanged(isSameMake(place, connector.place) ? connector : { ...connector, place });
  });
  if (fact.bootReason !== 'Triggered') onLimits(unitOfWork, (connector) => profilesAfterBoot(connector, fact.at));
};

/** What happened to the charging profiles, on every connector they may concern. */
const onLimits = (unitOfWork: UnitOfWork, reduce: (connector: Connector, supply: Supply) => Connector): void =>
  unitOfWork.onEveryConnector((connector) => unchanged(reduce(connector, unitOfWork.supplyOf(connector))));

/** A command changed the profiles of the station, perhaps before a registered connector was heard of. */
const onProfilesChanged = (unitOfWork: UnitOfWork, fact: ProfilesChanged): void => {
  const { change, receivedAt } = fact;
  const { registration } = unitOfWork.aggregate.station;
  const set = change.type === 'set' ? change.profile : undefined;
  const on = registration?.connectors.filter(({ evseId }) => evseId === set?.evseId) ?? [];
  for (const key of on) unitOfWork.ensure(key, receivedAt);
  unitOfWork.onStation((state) => stationProfilesChanged(state, fact));
  onLimits(unitOfWork, (connector, supply) => profilesChanged(connector, fact, supply));
};

const onFact = (unitOfWork: UnitOfWork, fact: Fact, ordinal: number, beside: OnConnector | undefined): void => {
  switch (fact.type) {
    case 'StatusReported':
    case 'MeterSampled':
    case 'SessionStarted':
    case 'SessionUpdated':
    case 'SessionStopped':
    case 'SessionAbandoned':
      placeFact(unitOfWork, fact, ordinal, beside);
      useReservation(unitOfWork, fact);
      break;
    case 'StationBooted':
      onBooted(unitOfWork, fact);
      break;
    case 'ProfilesChanged':
      onProfilesChanged(unitOfWork, fact);
      break;
    case 'LimitsReported':
      onLimits(unitOfWork, (connector, supply) => limitsReported(connector, fact, supply));
      break;
    case 'ConnectionOpened':
      unitOfWork.onStation((state) => connectionOpened(state, fact));
      break;
    case 'ConnectionClosed':
      unitOfWork.onStation((state) => connectionClosed(state, fact));
      break;
    case 'StationLost':
      onLost(unitOfWork, fact);
      break;
    case 'StationRegistered':
      onRegistered(unitOfWork, fact.receivedAt);
      break;
    case 'CapabilitiesReported':
    case 'CapabilityRefused':
      unitOfWork.onStation((state) => capabilitiesLearned(state, fact));
      break;
    case 'ReservationAnswered':
      unitOfWork.onStation((state) => reservationTold(state, reservationAnswered(fact), fact));
      break;
    case 'ReservationReleased':
      unitOfWork.onStation((state) => reservationTold(state, reservationReleased(fact), fact));
      break;
    case 'AvailabilityAgreed':
      onAvailabilityAgreed(unitOfWork, fact);
      break;
    case 'TagPresented':
    case 'SecurityEventReported':
    case 'FirmwareStatusReported':
    case 'LogStatusReported':
    case 'DeviceEventReported':
    case 'DataTransferred':
    case 'CommandAnswered':
    case 'CommandEnded':
      recordEvent(unitOfWork, fact, ordinal, fact.type);
      break;
    case 'OtherMessageReceived':
      recordEvent(unitOfWork, fact, ordinal, fact.action);
      break;
    default:
      unreachable(fact);
  }
};

const heard = (unitOfWork: UnitOfWork, heardAt: number): void => {
  unitOfWork.onStation((state) => stationHeardOf(state, heardAt));
  unitOfWork.onEveryConnector((connector) =>
    connectorHeardOf(connector, unitOfWork.contextOf(connector, heardAt, heardAt)),
  );
};

/** Learns from the stamps of the record. A newly learned offset holds for every item from this record on. */
const learnClock = (unitOfWork: UnitOfWork, facts: readonly Fact[], receivedAt: number): void => {
  const before = unitOfWork.aggregate.station.state?.clockOffsetMs ?? 0;
  unitOfWork.onStation((state) => clockLearned(state, facts, receivedAt));
  const after = unitOfWork.aggregate.station.state?.clockOffsetMs ?? 0;
  if (before === after) return;
  unitOfWork.decideTogether();
  // A clock that is ahead was never believed; only stamps of one that is behind have entered open sessions.
  const byMs = before === 0 ? Math.max(0, -after) : 0;
  unitOfWork.onEveryConnector((connector) =>
    clockShifted(connector, byMs, unitOfWork.contextOf(connector, receivedAt, receivedAt)),
  );
};

const stopOf = (facts: readonly Fact[]): SessionStopped | undefined =>
  facts.find((fact) => fact.type === 'SessionStopped');

/** Where the stop of the message goes, the readings beside it go too: they may carry no place of their own. */
const besideStop = (unitOfWork: UnitOfWork, facts: readonly Fact[]): OnConnector | undefined => {
  const stop = stopOf(facts);
  const route = stop && routeOf(unitOfWork.aggregate, stop);
  if (route?.to !== 'connector') return undefined;
  return { ...route, ...omitUndefined({ transactionId: route.transactionId ?? stop?.transactionId }) };
};

/**
 * Folds one record over a station: what every item is afterwards, and what has happened. Items past the record stay as they
 * are, so a record may come any number of times. Pure: the same aggregate and record give the same result.
 */
export const fold = (aggregate: StationAggregate, record: StationRecord): FoldResult => {
  const unitOfWork = new UnitOfWork(aggregate, record);
  const offsetMs = aggregate.station.state?.clockOffsetMs;
  const facts = inSequence(record.facts).map((fact) => withRightTime(fact, offsetMs));
  if (record.heardAt !== undefined) heard(unitOfWork, record.heardAt);
  const beside = besideStop(unitOfWork, facts);
  for (const [ordinal, fact] of facts.entries()) onFact(unitOfWork, fact, ordinal, beside);
  if (record.heardAt !== undefined) learnClock(unitOfWork, record.facts, record.heardAt);
  return unitOfWork.finish();
};
