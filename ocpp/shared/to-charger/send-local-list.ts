import { type Command, LONG_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** VersionMismatch: a differential list for another version than the charger has. */
export const sendLocalList: Command = {
  name: 'SendLocalList',
  kind: 'idempotent',
  timeoutMs: LONG_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({
    accepted: ['Accepted'],
    rejected: ['Failed', 'VersionMismatch'],
    notSupported: ['NotSupported'],
  }),
};
