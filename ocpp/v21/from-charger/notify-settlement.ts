import { type Action, otherMessage } from '../../action.ts';
import { textAt } from '../../payload.ts';

export const notifySettlement: Action = {
  name: 'NotifySettlement',
  respond: () => ({}),
  facts: (payload, { received }) => [
    otherMessage(received, 'NotifySettlement', `${textAt(payload, 'pspRef') ?? ''} ${textAt(payload, 'status') ?? ''}`),
  ],
};
