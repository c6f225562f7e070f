import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byItems } from '../../command-outcome.ts';

/** Accepted when every variable is set; RebootRequired: in force after the next start. */
export const setVariables: Command = {
  name: 'SetVariables',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'administrator',
  outcome: byItems({
    list: 'setVariableResult',
    status: 'attributeStatus',
    info: 'attributeStatusInfo',
    words: {
      accepted: ['Accepted', 'RebootRequired'],
      rejected: ['Rejected'],
      notSupported: ['UnknownComponent', 'UnknownVariable', 'NotSupportedAttributeType'],
    },
    accepts: 'every',
  }),
};
