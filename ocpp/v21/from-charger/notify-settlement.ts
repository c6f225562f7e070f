import { type Action, noted } from '../../action.ts';
import { textAt } from '../../payload.ts';

export const notifySettlement: Action = {
  name: 'NotifySettlement',
  respond: () => ({}),
  facts: (payload, { received }) => [
    noted(received, 'NotifySettlement', `${textAt(payload, 'pspRef') ?? ''} ${textAt(payload, 'status') ?? ''}`),
  ],
};
