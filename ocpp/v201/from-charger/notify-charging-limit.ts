import { type Action, otherMessage } from '../../action.ts';
import { objectAt, textAt } from '../../payload.ts';
import { evseRefOfIds } from '../evse-ref.ts';

export const notifyChargingLimit: Action = {
  name: 'NotifyChargingLimit',
  respond: () => ({}),
  facts: (payload, { received }) => [
    otherMessage(
      received,
      'NotifyChargingLimit',
      `Limit set by ${textAt(objectAt(payload, 'chargingLimit'), 'chargingLimitSource') ?? 'unknown source'}`,
      evseRefOfIds(payload),
    ),
  ],
};
