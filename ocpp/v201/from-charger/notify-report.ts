import { type Action, otherMessage } from '../../action.ts';
import { integerAt, listAt } from '../../payload.ts';

export const notifyReport: Action = {
  name: 'NotifyReport',
  respond: () => ({}),
  facts: (payload, { received }) => [
    otherMessage(
      received,
      'NotifyReport',
      `${listAt(payload, 'reportData').length} variables, request ${integerAt(payload, 'requestId') ?? 0}`,
    ),
  ],
};
