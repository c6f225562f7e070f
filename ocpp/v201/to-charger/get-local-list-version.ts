import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byField } from '../../command-outcome.ts';

/** 0 where the list is empty or local lists are not supported. */
export const getLocalListVersion: Command = {
  name: 'GetLocalListVersion',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byField('versionNumber', 'number'),
};
