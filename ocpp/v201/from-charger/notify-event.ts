import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { Action } from '../../action.ts';
import { booleanAt, integerAt, listAt, objectAt, textAt } from '../../payload.ts';
import { evseRefOfEvse } from '../evse-ref.ts';

export const notifyEvent: Action = {
  name: 'NotifyEvent',
  respond: () => ({}),
  facts: (payload, { stamped }) =>
    listAt(payload, 'eventData').map((event, index) => {
      const component = objectAt(event, 'component');
      const variable = objectAt(event, 'variable');
      return {
        ...stamped(event, `/eventData/${index}/timestamp`),
        ...evseRefOfEvse(objectAt(component, 'evse')),
        type: 'DeviceEventReported',
        component: textAt(component, 'name') ?? '',
        variable: textAt(variable, 'name') ?? '',
        value: textAt(event, 'actualValue') ?? '',
        ...omitUndefined({
          instance: textAt(component, 'instance'),
          variableInstance: textAt(variable, 'instance'),
          trigger: textAt(event, 'trigger'),
          cleared: booleanAt(event, 'cleared'),
          severity: integerAt(event, 'severity'),
        }),
      };
    }),
};
