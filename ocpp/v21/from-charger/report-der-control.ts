import { type Action, noted } from '../../action.ts';
import { integerAt } from '../../payload.ts';

export const reportDERControl: Action = {
  name: 'ReportDERControl',
  respond: () => ({}),
  facts: (payload, { received }) => [
    noted(received, 'ReportDERControl', `Request ${integerAt(payload, 'requestId') ?? 0}`),
  ],
};
