import { type Action, noted } from '../../action.ts';
import { textAt } from '../../payload.ts';
import { whereOfIds } from '../where.ts';

export const clearedChargingLimit: Action = {
  name: 'ClearedChargingLimit',
  respond: () => ({}),
  facts: (payload, { received }) => [
    noted(
      received,
      'ClearedChargingLimit',
      `Limit of ${textAt(payload, 'chargingLimitSource') ?? 'unknown source'} cleared`,
      whereOfIds(payload),
    ),
  ],
};
