import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** Which set of monitors is active. */
export const setMonitoringBase: Command = {
  name: 'SetMonitoringBase',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'administrator',
  outcome: byStatus({
    accepted: ['Accepted', 'EmptyResultSet'],
    rejected: ['Rejected'],
    notSupported: ['NotSupported'],
  }),
};
