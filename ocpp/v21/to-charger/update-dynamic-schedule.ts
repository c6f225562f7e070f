import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** The value of a dynamic profile now: an older one is of no use, so it waits no longer than a setting, and for no station. */
export const updateDynamicSchedule: Command = {
  name: 'UpdateDynamicSchedule',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({ accepted: ['Accepted'], rejected: ['Rejected'] }),
};
