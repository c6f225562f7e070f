import { type Action, otherMessage } from '../../action.ts';
import { textAt } from '../../payload.ts';

export const notifyDERStartStop: Action = {
  name: 'NotifyDERStartStop',
  respond: () => ({}),
  facts: (payload, { received }) => [
    otherMessage(received, 'NotifyDERStartStop', `Control ${textAt(payload, 'controlId') ?? ''}`),
  ],
};
