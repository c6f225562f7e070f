import { type Action, noted } from '../../action.ts';
import { integerAt, listAt } from '../../payload.ts';

export const notifyReport: Action = {
  name: 'NotifyReport',
  respond: () => ({}),
  facts: (payload, { received }) => [
    noted(
      received,
      'NotifyReport',
      `${listAt(payload, 'reportData').length} variables, request ${integerAt(payload, 'requestId') ?? 0}`,
    ),
  ],
};
