import { type Action, otherMessage } from '../../action.ts';
import { integerAt } from '../../payload.ts';

export const closePeriodicEventStream: Action = {
  name: 'ClosePeriodicEventStream',
  respond: () => ({}),
  facts: (payload, { received }) => [
    otherMessage(received, 'ClosePeriodicEventStream', `Stream ${integerAt(payload, 'id') ?? 0}`),
  ],
};
