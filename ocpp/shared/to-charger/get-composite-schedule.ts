import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** Asks what limits really hold. */
export const getCompositeSchedule: Command = {
  name: 'GetCompositeSchedule',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({ accepted: ['Accepted'], rejected: ['Rejected'] }),
};
