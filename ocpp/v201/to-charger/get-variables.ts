import { type Command, LONG_TIMEOUT_MS } from '../../command.ts';
import { byItems } from '../../command-outcome.ts';

/** Answered when at least one variable was found; what the others are is told item by item. */
export const getVariables: Command = {
  name: 'GetVariables',
  kind: 'idempotent',
  timeoutMs: LONG_TIMEOUT_MS,
  role: 'operator',
  outcome: byItems({
    list: 'getVariableResult',
    status: 'attributeStatus',
    info: 'attributeStatusInfo',
    words: {
      accepted: ['Accepted'],
      rejected: ['Rejected'],
      notSupported: ['UnknownComponent', 'UnknownVariable', 'NotSupportedAttributeType'],
    },
    accepts: 'some',
  }),
};
