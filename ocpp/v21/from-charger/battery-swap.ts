import { type Action, otherMessage } from '../../action.ts';
import { textAt } from '../../payload.ts';

export const batterySwap: Action = {
  name: 'BatterySwap',
  respond: () => ({}),
  facts: (payload, { received }) => [otherMessage(received, 'BatterySwap', textAt(payload, 'eventType') ?? '')],
};
