import { type Action, noted } from '../../action.ts';
import { textAt } from '../../payload.ts';

export const publishFirmwareStatusNotification: Action = {
  name: 'PublishFirmwareStatusNotification',
  respond: () => ({}),
  facts: (payload, { received }) => [
    noted(received, 'PublishFirmwareStatusNotification', textAt(payload, 'status') ?? ''),
  ],
};
