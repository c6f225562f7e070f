import type { StateChange } from '../kernel/state-change.ts';

/** Everything the bus carries from here, with its schema and example in `events/`. */
export const eventTypes = [
  'ConnectorStatusChanged',
  'StationConnected',
  'StationDisconnected',
  'StationBooted',
  'AuthorizationRefused',
  'SessionStarted',
  'SessionUpdated',
  'SessionEnded',
  'SessionOrphaned',
  'SessionAmended',
  'CommandAccepted',
  'CommandRejected',
  'CommandTimedOut',
  'CommandExpired',
  'SetpointChanged',
  'DemandResponseSignalled',
  'DemandResponseRefused',
  'DemandResponsePlanned',
  'DemandResponseDispatched',
  'DemandResponseVerified',
  'DemandResponseShortfall',
  'DemandResponseRestored',
  'DemandResponseCompleted',
  'SignalRejected',
  'AlertRaised',
  'AlertEscalated',
  'AlertAcknowledged',
  'AlertCleared',
] as const;
export type EventType = (typeof eventTypes)[number];

/** Version of every detail. Raised when a property is removed, renamed or changes its meaning; new optional ones leave it. */
export const DETAIL_VERSION = 1;

/** An event for the bus. `detail` is JSON as subscribers get it: ISO instants in UTC, units in names. */
export type PublishedEvent = {
  readonly type: EventType;
  readonly detail: { readonly version: number; readonly id: string; readonly time: string } & Readonly<
    Record<string, unknown>
  >;
};

/**
 * The id of the event a change makes: change ids are unique within their station. The start and the end of a session are told
 * apart by what they say instead: one that is sent again after the connector has forgotten it carries the id it had, also
 * where its stop no longer fits any session and is told as an orphan. A beginning that turns out to have been on another
 * connector is news, and names that.
 */
export const eventIdOf = (stationId: string, change: StateChange): string => {
  if (change.type === 'SessionBegan') {
    const { sessionId, isMoved, evseId, connectorId } = change;
    return `${stationId}/${sessionId}/began${isMoved ? `/${evseId}.${connectorId}` : ''}`;
  }
  if (change.type !== 'SessionEnded') return `${stationId}/${change.id}`;
  const { transactionId, endedAt } = change.session;
  return `${stationId}/${transactionId}.${endedAt.toString(36)}/ended`;
};
