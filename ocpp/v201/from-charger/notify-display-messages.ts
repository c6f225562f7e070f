import { type Action, otherMessage } from '../../action.ts';
import { integerAt, listAt } from '../../payload.ts';

export const notifyDisplayMessages: Action = {
  name: 'NotifyDisplayMessages',
  respond: () => ({}),
  facts: (payload, { received }) => [
    otherMessage(
      received,
      'NotifyDisplayMessages',
      `${listAt(payload, 'messageInfo').length} messages, request ${integerAt(payload, 'requestId') ?? 0}`,
    ),
  ],
};
