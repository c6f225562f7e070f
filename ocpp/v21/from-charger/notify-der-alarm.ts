import { type Action, otherMessage } from '../../action.ts';
import { textAt } from '../../payload.ts';

export const notifyDERAlarm: Action = {
  name: 'NotifyDERAlarm',
  respond: () => ({}),
  facts: (payload, { received }) => [
    otherMessage(
      received,
      'NotifyDERAlarm',
      `${textAt(payload, 'controlType') ?? ''} ${textAt(payload, 'gridEventFault') ?? ''}`.trim(),
    ),
  ],
};
