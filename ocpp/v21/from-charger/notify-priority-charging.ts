import { type Action, noted } from '../../action.ts';
import { textAt } from '../../payload.ts';

export const notifyPriorityCharging: Action = {
  name: 'NotifyPriorityCharging',
  respond: () => ({}),
  facts: (payload, { received }) => [
    noted(received, 'NotifyPriorityCharging', `Transaction ${textAt(payload, 'transactionId') ?? ''}`),
  ],
};
