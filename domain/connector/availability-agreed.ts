import type { ConnectorStatus } from '../kernel/connector-status.ts';
import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { AvailabilityAgreed } from '../kernel/fact.ts';
import { serviceOf } from '../kernel/service.ts';
import { type Transition, unchanged } from '../kernel/transition.ts';
import type { Connector } from './connector.ts';
import { effectiveStatus } from './effective-status.ts';

/** What a connector shows that is in, or out of, service. A fault, or no word at all, shows neither. */
const shows = (status: ConnectorStatus, operative: boolean): boolean =>
  operative ? serviceOf(status) === 'up' : status === 'unavailable';

/** Whether the station has shown what it agreed to: what is pending is over then, at `context.at`. */
export const availabilityChecked = (connector: Connector, context: EventContext): Transition<Connector> => {
  const { pendingAvailability: pending, ...next } = connector;
  if (pending === undefined || !shows(effectiveStatus(connector), pending.operative)) return unchanged(connector);
  const { commandId, operative, requestedAt } = pending;
  return {
    next,
    changes: [{ type: 'AvailabilityConfirmed', ...contextFields(context), commandId, operative, requestedAt }],
  };
};

/** The station agreed to a change. A newer agreement takes the place of an older one; one that shows already is over at once. */
export const availabilityAgreed = (
  connector: Connector,
  fact: AvailabilityAgreed,
  context: EventContext,
): Transition<Connector> => {
  const { commandId, operative, scheduled, requestedAt, at: agreedAt } = fact;
  const { pendingAvailability: before } = connector;
  if (before !== undefined && before.requestedAt > requestedAt) return unchanged(connector);
  const pendingAvailability = { commandId, operative, scheduled, requestedAt, agreedAt };
  return availabilityChecked({ ...connector, pendingAvailability }, context);
};
