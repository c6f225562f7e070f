import { type Action, noted } from '../../action.ts';
import { textAt } from '../../payload.ts';

export const notifyDERStartStop: Action = {
  name: 'NotifyDERStartStop',
  respond: () => ({}),
  facts: (payload, { received }) => [
    noted(received, 'NotifyDERStartStop', `Control ${textAt(payload, 'controlId') ?? ''}`),
  ],
};
