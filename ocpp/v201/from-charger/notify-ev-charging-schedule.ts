import { type Action, otherMessage } from '../../action.ts';
import { evseRefOfIds } from '../evse-ref.ts';

export const notifyEVChargingSchedule: Action = {
  name: 'NotifyEVChargingSchedule',
  respond: () => ({ status: 'Accepted' }),
  facts: (payload, { received }) => [
    otherMessage(received, 'NotifyEVChargingSchedule', 'The car told its schedule', evseRefOfIds(payload)),
  ],
};
