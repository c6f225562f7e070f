import type { StateChange } from '../kernel/state-change.ts';
import type { Registration } from '../registry/registration.ts';

/** A station's note as the fact it was: what the fold keeps under `topic` and `detail`, read back with care. */
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export type DeviceEvent = { component: string; variable: string; value: string; cleared: boolean };

/** The device event (2.x NotifyEvent) in this change, if it is one. */
export const deviceEventOf = (change: StateChange): DeviceEvent | undefined => {
  if (change.type !== 'StationEventRecorded' || change.topic !== 'DeviceEventReported') return undefined;
  const component = text(change.detail.component);
  const variable = text(change.detail.variable);
  if (component === undefined || variable === undefined) return undefined;
  return { component, variable, value: text(change.detail.value) ?? '', cleared: change.detail.cleared === true };
};

/** The security event in this change, if it is one. */
export const securityEventOf = (change: StateChange): { event: string } | undefined => {
  if (change.type !== 'StationEventRecorded' || change.topic !== 'SecurityEventReported') return undefined;
  const event = text(change.detail.event);
  return event === undefined ? undefined : { event };
};

/** Answers of OCPP 1.6 and 2.x that mean a command was not carried out. */
const refusals: readonly string[] = ['Rejected', 'Failed', 'NotSupported', 'NotImplemented', 'UnlockFailed', 'Unknown'];

/** Why the command answered in this change failed, if it did. */
export const commandFailureOf = (change: StateChange): string | undefined => {
  if (change.type !== 'StationEventRecorded' || change.topic !== 'CommandAnswered') return undefined;
  if (change.detail.outcome === 'error') return text(change.detail.errorCode) ?? 'error';
  const status = text(change.detail.status);
  return status !== undefined && refusals.includes(status) ? status : undefined;
};

/** The connector a note is about; undefined for notes about the station. An EVSE alone means its first connector. */
export const notedConnector = (
  change: StateChange,
  { connectors }: Pick<Registration, 'connectors'>,
): { readonly evseId: number; readonly connectorId: number } | undefined => {
  if (change.type !== 'StationEventRecorded' || !change.evseId) return undefined;
  const { evseId } = change;
  const first = connectors.find((connector) => connector.evseId === evseId)?.connectorId ?? 1;
  return { evseId, connectorId: change.connectorId || first };
};
