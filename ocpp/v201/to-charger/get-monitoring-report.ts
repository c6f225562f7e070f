import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** The monitors come as NotifyMonitoringReport. */
export const getMonitoringReport: Command = {
  name: 'GetMonitoringReport',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({
    accepted: ['Accepted', 'EmptyResultSet'],
    rejected: ['Rejected'],
    notSupported: ['NotSupported'],
  }),
};
