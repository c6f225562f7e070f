import type { Connector } from '../connector/connector.ts';
import type { EndedSession } from '../kernel/ended-session.ts';
import type { SessionMeasured, StateChange } from '../kernel/state-change.ts';
import { DETAIL_VERSION, type EventType, eventIdOf, iso, type PublishedEvent, present } from './event.ts';
import { isWorthTelling, type Measured } from './throttle.ts';

/** The events of one change record of a connector: what its outbox holds, seen between its two images. */
export const connectorEvents = (before: Connector | undefined, after: Connector): readonly PublishedEvent[] => {
  const told = measurementsToTell(before, after);
  return after.outbox.flatMap((change): readonly PublishedEvent[] => {
    const event = (type: EventType, fields: Readonly<Record<string, unknown>>): readonly PublishedEvent[] => [
      { type, at: change.at, detail: { ...keysOf(after, change), ...present(fields) } },
    ];
    switch (change.type) {
      case 'ConnectorStatusChanged': {
        const { from, to, errorCode, vendorErrorCode, info } = change;
        return event(change.type, { from, to, since: iso(change.fromAt), errorCode, vendorErrorCode, info });
      }
      case 'SessionBegan': {
        const { sessionId, transactionId, tag, meterStartWh } = change;
        return event('SessionStarted', { sessionId, transactionId, tag, meterStartWh });
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
        return event(
          change.session.flags.includes('orphan') ? 'SessionOrphaned' : 'SessionEnded',
          sessionFields(change.session),
        );
      case 'SessionAmended':
        return event('SessionAmended', { ...sessionFields(change.session), revision: change.session.rev });
      default:
        return []; // history, windows and stations' own changes: no event of a connector
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

const sessionFields = (session: EndedSession): Readonly<Record<string, unknown>> => ({
  sessionId: session.sessionId,
  transactionId: session.transactionId,
  tag: session.tag,
  startedAt: iso(session.startedAt),
  endedAt: iso(session.endedAt),
  durationSec: Math.round((session.endedAt - session.startedAt) / 1000),
  energyWh: session.energyWh,
  meterStartWh: session.meterStartWh,
  meterStopWh: session.meterStopWh,
  reason: session.reason,
  vendorReason: session.vendorReason,
  flags: session.flags,
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
