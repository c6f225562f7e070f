import { type Action, noted } from '../../action.ts';
import { objectAt, textAt } from '../../payload.ts';
import { whereOfIds } from '../where.ts';

/** Rejected: no schedule is negotiated with the car (ISO 15118); it follows the charging profiles of its connector. */
export const notifyEVChargingNeeds: Action = {
  name: 'NotifyEVChargingNeeds',
  respond: () => ({ status: 'Rejected' }),
  facts: (payload, { received }) => [
    noted(
      received,
      'NotifyEVChargingNeeds',
      `Energy transfer ${textAt(objectAt(payload, 'chargingNeeds'), 'requestedEnergyTransfer') ?? 'unknown'}`,
      whereOfIds(payload),
    ),
  ],
};
