import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** A grid control for the inverter. */
export const setDERControl: Command = {
  name: 'SetDERControl',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'administrator',
  outcome: byStatus({ accepted: ['Accepted'], rejected: ['Rejected', 'NotFound'], notSupported: ['NotSupported'] }),
};
