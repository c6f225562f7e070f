import { type Action, otherMessage } from '../../action.ts';
import { textAt } from '../../payload.ts';
import { evseRefOfIds } from '../evse-ref.ts';

export const clearedChargingLimit: Action = {
  name: 'ClearedChargingLimit',
  respond: () => ({}),
  facts: (payload, { received }) => [
    otherMessage(
      received,
      'ClearedChargingLimit',
      `Limit of ${textAt(payload, 'chargingLimitSource') ?? 'unknown source'} cleared`,
      evseRefOfIds(payload),
    ),
  ],
};
