import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** The controls come as ReportDERControl; NotFound: there are none. */
export const getDERControl: Command = {
  name: 'GetDERControl',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({ accepted: ['Accepted', 'NotFound'], rejected: ['Rejected'], notSupported: ['NotSupported'] }),
};
