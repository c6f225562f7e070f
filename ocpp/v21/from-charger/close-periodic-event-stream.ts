import { type Action, noted } from '../../action.ts';
import { integerAt } from '../../payload.ts';

export const closePeriodicEventStream: Action = {
  name: 'ClosePeriodicEventStream',
  respond: () => ({}),
  facts: (payload, { received }) => [
    noted(received, 'ClosePeriodicEventStream', `Stream ${integerAt(payload, 'id') ?? 0}`),
  ],
};
