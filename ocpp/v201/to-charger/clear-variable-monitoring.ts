import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byItems } from '../../command-outcome.ts';

/** NotFound: there was no such monitor, which is what was wanted. */
export const clearVariableMonitoring: Command = {
  name: 'ClearVariableMonitoring',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'administrator',
  outcome: byItems({
    list: 'clearMonitoringResult',
    status: 'status',
    info: 'statusInfo',
    words: { accepted: ['Accepted', 'NotFound'], rejected: ['Rejected'] },
    accepts: 'every',
  }),
};
