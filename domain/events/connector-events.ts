import type { Connector } from '../connector/connector.ts';
import { iso } from '../kernel/iso.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { SessionMeasured, StateChange } from '../kernel/state-change.ts';
import { unreachable } from '../kernel/unreachable.ts';
import { endedEventType, endedSessionFields } from './ended-session-fields.ts';
import { isWorthTelling, type Measured } from './is-worth-telling.ts';
import { DETAIL_VERSION, type EventType, eventIdOf, type PublishedEvent } from './published-event.ts';

/** The events of one change record of a connector: what its outbox holds, seen between its two images. */
export const connectorEvents = (before: Connector | undefined, after: Connector): readonly PublishedEvent[] => {
  const told = measurementsToTell(before, after);
  return after.outbox.flatMap((change): readonly PublishedEvent[] => {
    const event = (type: EventType, fields: Readonly<Record<string, unknown>>): readonly PublishedEvent[] => [
      { type, detail: { ...keysOf(after, change), ...omitUndefined(fields) } },
    ];
    switch (change.type) {
      case 'ConnectorStatusChanged': {
        const { from, to, errorCode, vendorErrorCode, info } = change;
        return event(change.type, { from, to, since: iso(change.fromAt), errorCode, vendorErrorCode, info });
      }
      case 'AuthorizationRefused': {
        const { transactionId, verdict, tag, withdrawnSessionId } = change;
        return event(change.type, { transactionId, verdict, tag, withdrawnSessionId });
      }
      case 'SessionBegan': {
        const { sessionId, transactionId, tag, meterStartWh, tagVerdict } = change;
        return event('SessionStarted', { sessionId, transactionId, tag, meterStartWh, tagVerdict });
      }
      case 'SessionProgressed': {
        const { sessionId, chargingState, triggerReason, tag } = change;
        return event('SessionUpdated', { sessionId, because: 'progressed', chargingState, triggerReason, tag });
      }
      case 'SessionMeasured': {
        const { sessionId, energyWh, powerW, socPercent } = change;
        if (!told.has(change.id)) return [];
        return event('SessionUpdated', { sessionId, because: 'measured', energyWh, powerW, socPercent });
      }
      case 'SessionEnded':
        return event(endedEventType(change.session), endedSessionFields(change.session));
      case 'SessionAmended':
        return event('SessionAmended', { ...endedSessionFields(change.session), revision: change.session.rev });
      // History, windows and alerts: nothing subscribers are told.
      case 'ConnectorStatusBackfilled':
      case 'ConnectorWarned':
      case 'MinuteClosed':
      case 'MinutesSpread':
      case 'MinutesCorrected':
      case 'MeterSuspected':
      case 'AvailabilityConfirmed':
        return [];
      // A station's own changes stand in the outbox of the station.
      case 'StationConnected':
      case 'StationDisconnected':
      case 'StationWentOffline':
      case 'StationCameOnline':
      case 'StationRebooted':
      case 'StationStatusChanged':
      case 'MainMeterMeasured':
      case 'ClockSkewLearned':
      case 'ReservationChanged':
      case 'ProfilesAccepted':
      case 'StationEventRecorded':
        return [];
      default:
        return unreachable(change);
    }
  });
};

const keysOf = ({ place, ...connector }: Connector, change: StateChange) => ({
  version: DETAIL_VERSION,
  id: eventIdOf(connector.stationId, change),
  time: iso(change.at),
  receivedAt: iso(change.receivedAt),
  stationId: connector.stationId,
  evseId: connector.evseId,
  connectorId: connector.connectorId,
  connectorType: place.connectorType,
  siteId: place.siteId,
  zoneId: place.zoneId,
  region: place.region,
});

/** Ids of the measurements that are worth an event, each compared with the one before it, the first with the old image. */
const measurementsToTell = (before: Connector | undefined, { outbox }: Connector): ReadonlySet<string> => {
  const told = new Set<string>();
  const lastOf = new Map<string, Measured>();
  const session = before?.session;
  if (session)
    lastOf.set(session.sessionId, { at: session.sampledAt ?? session.startedAt, energyWh: session.energyWh });
  for (const change of outbox) {
    if (change.type === 'SessionBegan') lastOf.set(change.sessionId, { at: change.at, energyWh: 0 });
    if (change.type === 'SessionMeasured' && isNew(lastOf, change)) told.add(change.id);
  }
  return told;
};

const isNew = (lastOf: Map<string, Measured>, change: SessionMeasured): boolean => {
  const last = lastOf.get(change.sessionId);
  if (last && change.at <= last.at) return false;
  lastOf.set(change.sessionId, { at: change.at, energyWh: change.energyWh });
  return last !== undefined && isWorthTelling(last, change);
};
