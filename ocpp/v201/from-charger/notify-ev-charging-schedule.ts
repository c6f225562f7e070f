import { type Action, noted } from '../../action.ts';
import { whereOfIds } from '../where.ts';

export const notifyEVChargingSchedule: Action = {
  name: 'NotifyEVChargingSchedule',
  respond: () => ({ status: 'Accepted' }),
  facts: (payload, { received }) => [
    noted(received, 'NotifyEVChargingSchedule', 'The car told its schedule', whereOfIds(payload)),
  ],
};
