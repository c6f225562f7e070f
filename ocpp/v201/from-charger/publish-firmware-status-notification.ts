import { type Action, otherMessage } from '../../action.ts';
import { textAt } from '../../payload.ts';

export const publishFirmwareStatusNotification: Action = {
  name: 'PublishFirmwareStatusNotification',
  respond: () => ({}),
  facts: (payload, { received }) => [
    otherMessage(received, 'PublishFirmwareStatusNotification', textAt(payload, 'status') ?? ''),
  ],
};
