import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** The variables come as NotifyReport. */
export const getBaseReport: Command = {
  name: 'GetBaseReport',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({
    accepted: ['Accepted', 'EmptyResultSet'],
    rejected: ['Rejected'],
    notSupported: ['NotSupported'],
  }),
};
