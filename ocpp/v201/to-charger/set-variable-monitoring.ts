import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byItems } from '../../command-outcome.ts';

/** Accepted when every monitor is set. */
export const setVariableMonitoring: Command = {
  name: 'SetVariableMonitoring',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'administrator',
  outcome: byItems({
    list: 'setMonitoringResult',
    status: 'status',
    info: 'statusInfo',
    words: {
      accepted: ['Accepted'],
      rejected: ['Rejected', 'Duplicate'],
      notSupported: ['UnknownComponent', 'UnknownVariable', 'UnsupportedMonitorType'],
    },
    accepts: 'every',
  }),
};
