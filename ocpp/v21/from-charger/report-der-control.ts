import { type Action, otherMessage } from '../../action.ts';
import { integerAt } from '../../payload.ts';

export const reportDERControl: Action = {
  name: 'ReportDERControl',
  respond: () => ({}),
  facts: (payload, { received }) => [
    otherMessage(received, 'ReportDERControl', `Request ${integerAt(payload, 'requestId') ?? 0}`),
  ],
};
