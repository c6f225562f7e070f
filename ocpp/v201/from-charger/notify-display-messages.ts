import { type Action, noted } from '../../action.ts';
import { integerAt, listAt } from '../../payload.ts';

export const notifyDisplayMessages: Action = {
  name: 'NotifyDisplayMessages',
  respond: () => ({}),
  facts: (payload, { received }) => [
    noted(
      received,
      'NotifyDisplayMessages',
      `${listAt(payload, 'messageInfo').length} messages, request ${integerAt(payload, 'requestId') ?? 0}`,
    ),
  ],
};
