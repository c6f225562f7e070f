import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { type NeutralCommand, variable2x, variable16 } from '../neutral-command.ts';
import { listAt } from '../payload.ts';

/** Without names everything: OCPP 2.x stations send that as a report, in messages of their own. */
export const getConfiguration: NeutralCommand = {
  name: 'getConfiguration',
  role: 'operator',
  write: {
    '1.6': (args) => {
      const key = args.variables === undefined ? undefined : listAt(args, 'variables').map(variable16);
      return { action: 'GetConfiguration', payload: omitUndefined({ key }) };
    },
    '2.x': (args, { requestNumber: requestId }) =>
      args.variables === undefined
        ? { action: 'GetBaseReport', payload: { requestId, reportBase: 'ConfigurationInventory' } }
        : { action: 'GetVariables', payload: { getVariableData: listAt(args, 'variables').map(variable2x) } },
  },
};
