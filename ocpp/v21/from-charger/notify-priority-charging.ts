import { type Action, otherMessage } from '../../action.ts';
import { textAt } from '../../payload.ts';

export const notifyPriorityCharging: Action = {
  name: 'NotifyPriorityCharging',
  respond: () => ({}),
  facts: (payload, { received }) => [
    otherMessage(received, 'NotifyPriorityCharging', `Transaction ${textAt(payload, 'transactionId') ?? ''}`),
  ],
};
