import type { FinalCommandState } from '../kernel/ended-command.ts';
import type { StateChange } from '../kernel/state-change.ts';
import type { Registration } from '../registry/registration.ts';

/** A monitored variable of the device (2.x NotifyEvent). */
type DeviceEvent = {
  readonly kind: 'device';
  /** Which variable of which component, at which place: one that says what is wrong also says when it no longer is. */
  readonly source: string;
  readonly component: string;
  readonly variable: string;
  readonly value: string;
  readonly cleared: boolean;
};

/** What a station told that leaves no trace in any state, as rules read it. */
export type StationEvent =
  | DeviceEvent
  | { readonly kind: 'security'; readonly event: string }
  /** A command that was refused, failed, or was not answered. */
  | { readonly kind: 'commandFailed'; readonly failure: string };

/** Ends of a command after which it was not carried out, or nobody knows. */
const failures: readonly FinalCommandState[] = ['Rejected', 'NotSupported', 'Failed', 'TimedOut', 'Unknown'];

/**
 * Variables by which a component tells of itself, not of what it watches (OCPP 2.0.1 part 2, appendix 3.2): whether it is in use,
 * present or defective.
 */
const ofItself = /^problem$|(enabled|available|availabilitystate)$/i;

/** The names by which a device event says what was found; none where the component tells of itself only. */
export const foundNames = ({ component, variable }: DeviceEvent): readonly string[] =>
  ofItself.test(variable) ? [] : [component, variable];

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The event a change records; undefined for other changes, and where the station left out what makes it one. */
export const stationEventOf = (change: StateChange): StationEvent | undefined => {
  if (change.type !== 'StationEventRecorded') return undefined;
  const { detail } = change;
  switch (change.topic) {
    case 'DeviceEventReported': {
      const [component, variable] = [text(detail.component), text(detail.variable)];
      if (component === undefined || variable === undefined) return undefined;
      const source = [component, detail.instance, change.evseId, change.connectorId, variable, detail.variableInstance]
        .map((part) => part ?? '')
        .join('/');
      const value = text(detail.value) ?? '';
      return { kind: 'device', source, component, variable, value, cleared: detail.cleared === true };
    }
    case 'SecurityEventReported': {
      const event = text(detail.event);
      return event === undefined ? undefined : { kind: 'security', event };
    }
    case 'CommandEnded': {
      const failed = failures.find((state) => state === detail.state);
      if (failed === undefined) return undefined;
      // What a station repeats of a payload may name a driver: alerts are for everybody, and the timeline has all of it.
      const reason = text(detail.reason)?.replace(/[[{].*$/s, '…');
      const failure = `${text(detail.action)} ${failed}${reason === undefined ? '' : ` (${reason})`}`;
      return { kind: 'commandFailed', failure };
    }
    default:
      return undefined; // Topics are open: the OCPP actions that only have a line on the timeline.
  }
};

/** The connector an event is about; undefined for events of the station. An EVSE alone means its first connector. */
export const eventConnector = (
  change: StateChange,
  { connectors }: Pick<Registration, 'connectors'>,
): { readonly evseId: number; readonly connectorId: number } | undefined => {
  if (change.type !== 'StationEventRecorded' || !change.evseId) return undefined;
  const { evseId } = change;
  const first = connectors.find((connector) => connector.evseId === evseId)?.connectorId ?? 1;
  return { evseId, connectorId: change.connectorId || first };
};
