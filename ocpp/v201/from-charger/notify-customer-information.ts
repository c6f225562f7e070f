import { type Action, otherMessage } from '../../action.ts';
import { integerAt } from '../../payload.ts';

export const notifyCustomerInformation: Action = {
  name: 'NotifyCustomerInformation',
  respond: () => ({}),
  facts: (payload, { received }) => [
    otherMessage(
      received,
      'NotifyCustomerInformation',
      `Part ${integerAt(payload, 'seqNo') ?? 0} of request ${integerAt(payload, 'requestId') ?? 0}`,
    ),
  ],
};
