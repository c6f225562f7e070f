import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byField } from '../../command-outcome.ts';

/** -1 where local lists are not supported, 0 where the list is empty. */
export const getLocalListVersion: Command = {
  name: 'GetLocalListVersion',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byField('listVersion', 'number'),
};
