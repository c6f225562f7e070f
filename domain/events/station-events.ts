import { iso } from '../kernel/iso.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { StateChange } from '../kernel/state-change.ts';
import { unreachable } from '../kernel/unreachable.ts';
import type { Registration } from '../registry/registration.ts';
import { commandEvent } from './command-event.ts';
import { endedEventType, endedSessionFields } from './ended-session-fields.ts';
import { DETAIL_VERSION, type EventType, eventIdOf, type PublishedEvent } from './published-event.ts';
import { setpointFields } from './setpoint-fields.ts';

/** Where a start or stop belongs that fits no connector. */
const noConnector = { evseId: 0, connectorId: 0, connectorType: 'unknown' };

/**
 * The events of what one write of a station's item decided. Place keys come from the registry entry: absent once it has
 * been removed.
 */
export const stationEvents = (
  stationId: string,
  changes: readonly StateChange[],
  registration: Pick<Registration, 'siteId' | 'zoneId' | 'region'> | undefined,
): readonly PublishedEvent[] =>
  changes.flatMap((change): readonly PublishedEvent[] => {
    const event = (type: EventType, fields: Readonly<Record<string, unknown>>): readonly PublishedEvent[] => [
      {
        type,
        detail: {
          version: DETAIL_VERSION,
          id: eventIdOf(stationId, change),
          time: iso(change.at),
          receivedAt: iso(change.receivedAt),
          stationId,
          ...omitUndefined({
            siteId: registration?.siteId,
            zoneId: registration?.zoneId,
            region: registration?.region,
          }),
          ...omitUndefined(fields),
        },
      },
    ];
    switch (change.type) {
      case 'StationConnected': {
        const { connectionId, ocpp, transport } = change;
        return event(change.type, { connectionId, ocpp, transport });
      }
      case 'StationDisconnected':
        return event(change.type, { connectionId: change.connectionId });
      case 'StationRebooted': {
        const { vendor, model, firmware, previousFirmware, bootReason } = change;
        return event('StationBooted', { vendor, model, firmware, previousFirmware, bootReason });
      }
      // Timeline and alerts: nothing subscribers are told.
      case 'StationWentOffline':
      case 'StationCameOnline':
      case 'StationStatusChanged':
      case 'MainMeterMeasured':
      case 'ClockSkewLearned':
      case 'ReservationChanged':
        return [];
      case 'ProfilesAccepted': {
        const fields = setpointFields(change);
        return fields === undefined ? [] : event('SetpointChanged', fields);
      }
      case 'StationEventRecorded': {
        const command = change.topic === 'CommandEnded' ? commandEvent(change.detail) : undefined;
        return command === undefined ? [] : event(command.type, command.fields);
      }
      // A stop that fits no connector, or a start that named none, is the station's own (0/0).
      case 'SessionEnded':
        return event(endedEventType(change.session), { ...noConnector, ...endedSessionFields(change.session) });
      case 'AuthorizationRefused': {
        const { transactionId, verdict, tag } = change;
        return event(change.type, { ...noConnector, transactionId, verdict, tag });
      }
      // A connector's other changes stand in the outbox of the connector.
      case 'ConnectorStatusChanged':
      case 'ConnectorStatusBackfilled':
      case 'ConnectorWarned':
      case 'SessionBegan':
      case 'SessionProgressed':
      case 'SessionMeasured':
      case 'SessionAmended':
      case 'MinuteClosed':
      case 'MinutesSpread':
      case 'MinutesCorrected':
      case 'MeterSuspected':
      case 'AvailabilityConfirmed':
        return [];
      default:
        return unreachable(change);
    }
  });
