import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { AvailabilityAgreed, ReportedStatus } from '../kernel/fact.ts';
import { type Transition, unchanged } from '../kernel/transition.ts';
import { unreachable } from '../kernel/unreachable.ts';
import type { Connector } from './connector.ts';
import { effectiveStatus } from './effective-status.ts';

/** What a connector shows that is in, or out of, service. A fault, or no word at all, shows neither. */
const shows = (status: ReportedStatus, operative: boolean): boolean => {
  switch (status) {
    case 'unavailable':
      return !operative;
    case 'faulted':
    case 'unknown':
      return false;
    case 'available':
    case 'occupied':
    case 'preparing':
    case 'charging':
    case 'suspendedEV':
    case 'suspendedEVSE':
    case 'finishing':
    case 'reserved':
      return operative;
    default:
      return unreachable(status);
  }
};

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
