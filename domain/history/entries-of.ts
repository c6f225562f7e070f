import type { StateChange, StationEventRecorded } from '../kernel/state-change.ts';
import { unreachable } from '../kernel/unreachable.ts';
import type { TimelineEntry, TimelineKind } from './timeline-entry.ts';

type Line = { readonly kind: TimelineKind; readonly title: string };

const TOPICS: Readonly<Record<string, TimelineKind>> = {
  TagPresented: 'authorization',
  SecurityEventReported: 'security',
  FirmwareStatusReported: 'firmware',
  LogStatusReported: 'diagnostics',
  CommandAnswered: 'command',
  CommandEnded: 'command',
};

const titleOf = ({ topic, detail }: StationEventRecorded): string =>
  topic === 'CommandEnded' ? `${detail.action} ${detail.state}` : topic;

const noted = (change: StationEventRecorded): Line => ({
  kind: TOPICS[change.topic] ?? 'note',
  title: titleOf(change),
});

/** The line a change deserves; none for measurements, which windows and sessions hold. */
const line = (change: StateChange): Line | undefined => {
  switch (change.type) {
    case 'ConnectorStatusChanged':
      return { kind: change.to === 'faulted' ? 'fault' : 'status', title: `${change.from} → ${change.to}` };
    case 'ConnectorStatusBackfilled':
      return { kind: change.status === 'faulted' ? 'fault' : 'status', title: `${change.status} (reported late)` };
    case 'StationStatusChanged':
      return { kind: change.to === 'faulted' ? 'fault' : 'status', title: `station ${change.from} → ${change.to}` };
    case 'ConnectorWarned':
      return { kind: 'warning', title: change.errorCode };
    case 'AuthorizationRefused':
      return { kind: 'authorization', title: `authorization refused: ${change.verdict}` };
    case 'SessionBegan':
      return { kind: 'session', title: 'session began' };
    case 'SessionProgressed':
      return { kind: 'session', title: change.chargingState ?? change.triggerReason ?? 'session progressed' };
    case 'SessionEnded':
      return { kind: 'session', title: 'session ended' };
    case 'SessionAmended':
      return { kind: 'session', title: 'session amended' };
    case 'MeterSuspected':
      return { kind: 'meter', title: change.why };
    case 'StationConnected':
      return { kind: 'connection', title: 'connected' };
    case 'StationDisconnected':
      return { kind: 'connection', title: 'disconnected' };
    case 'StationWentOffline':
      return { kind: 'connection', title: 'offline' };
    case 'StationCameOnline':
      return { kind: 'connection', title: 'online again' };
    case 'StationRebooted':
      return { kind: 'boot', title: 'booted' };
    case 'ClockSkewLearned':
      return { kind: 'clock', title: 'clock skew' };
    case 'ReservationChanged':
      return { kind: 'reservation', title: `reservation ${change.reservationId} ${change.to}` };
    case 'AvailabilityConfirmed':
      return { kind: 'command', title: change.operative ? 'in service as commanded' : 'out of service as commanded' };
    case 'StationEventRecorded':
      return noted(change);
    case 'SessionMeasured':
    case 'MinuteClosed':
    case 'MinutesSpread':
    case 'MinutesCorrected':
    case 'MainMeterMeasured':
    case 'ProfilesAccepted': // the end of its command has the line
      return undefined;
    default:
      return unreachable(change);
  }
};

/** What of a change is worth showing: a session by its figures, not its whole curve. */
const detailOf = (change: StateChange): Readonly<Record<string, unknown>> => {
  if (change.type === 'SessionEnded' || change.type === 'SessionAmended') {
    const { sessionId, startedAt, endedAt, energyWh, reason, tag, flags } = change.session;
    return { sessionId, startedAt, endedAt, energyWh, reason, tag, flags };
  }
  if (change.type === 'StationEventRecorded') return change.detail;
  const { id: _, type: __, at: ___, ...rest } = change;
  return rest;
};

const subjectOf = (stationId: string, change: StateChange): string => {
  const { evseId, connectorId } = { evseId: undefined, connectorId: undefined, ...change };
  return evseId === undefined || connectorId === undefined ? stationId : `${stationId}#${evseId}#${connectorId}`;
};

/** The timeline entries of an outbox. */
export const entriesOf = (stationId: string, outbox: readonly StateChange[]): TimelineEntry[] =>
  outbox.flatMap((change) => {
    const found = line(change);
    if (found === undefined) return [];
    return [
      { subject: subjectOf(stationId, change), id: change.id, at: change.at, ...found, detail: detailOf(change) },
    ];
  });
