import { type Action, otherMessage } from '../../action.ts';
import { integerAt } from '../../payload.ts';

/** Travels as an unanswered SEND; the response is never sent. */
export const notifyPeriodicEventStream: Action = {
  name: 'NotifyPeriodicEventStream',
  isTold: true,
  respond: () => ({}),
  facts: (payload, { received }) => [
    otherMessage(received, 'NotifyPeriodicEventStream', `Stream ${integerAt(payload, 'id') ?? 0}`),
  ],
};
