import { type Action, noted } from '../../action.ts';
import { textAt } from '../../payload.ts';

export const batterySwap: Action = {
  name: 'BatterySwap',
  respond: () => ({}),
  facts: (payload, { received }) => [noted(received, 'BatterySwap', textAt(payload, 'eventType') ?? '')],
};
