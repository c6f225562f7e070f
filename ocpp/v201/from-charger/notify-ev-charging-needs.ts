import { type Action, otherMessage } from '../../action.ts';
import { objectAt, textAt } from '../../payload.ts';
import { evseRefOfIds } from '../evse-ref.ts';

/** Rejected: no schedule is negotiated with the car (ISO 15118); it follows the charging profiles of its connector. */
export const notifyEVChargingNeeds: Action = {
  name: 'NotifyEVChargingNeeds',
  respond: () => ({ status: 'Rejected' }),
  facts: (payload, { received }) => [
    otherMessage(
      received,
      'NotifyEVChargingNeeds',
      `Energy transfer ${textAt(objectAt(payload, 'chargingNeeds'), 'requestedEnergyTransfer') ?? 'unknown'}`,
      evseRefOfIds(payload),
    ),
  ],
};
