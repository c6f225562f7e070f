import { type Action, noted } from '../../action.ts';
import { objectAt, textAt } from '../../payload.ts';
import { whereOfIds } from '../where.ts';

export const notifyChargingLimit: Action = {
  name: 'NotifyChargingLimit',
  respond: () => ({}),
  facts: (payload, { received }) => [
    noted(
      received,
      'NotifyChargingLimit',
      `Limit set by ${textAt(objectAt(payload, 'chargingLimit'), 'chargingLimitSource') ?? 'unknown source'}`,
      whereOfIds(payload),
    ),
  ],
};
