import { type NeutralCommand, NoWords, variable2x, variable16 } from '../neutral-command.ts';
import { listAt } from '../payload.ts';

export const setConfiguration: NeutralCommand = {
  name: 'setConfiguration',
  role: 'administrator',
  write: {
    '1.6': (args) => {
      const [only, ...others] = listAt(args, 'variables');
      if (only === undefined || others.length > 0) throw new NoWords('OCPP 1.6 changes one key in a message');
      return { action: 'ChangeConfiguration', payload: { key: variable16(only), value: only.value } };
    },
    '2.x': (args) => ({
      action: 'SetVariables',
      payload: {
        setVariableData: listAt(args, 'variables').map((wanted) => ({
          ...variable2x(wanted),
          attributeValue: wanted.value,
        })),
      },
    }),
  },
};
