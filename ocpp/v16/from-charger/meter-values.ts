import type { Action } from '../../action.ts';
import { meterSamples } from '../../meter/meter-samples.ts';
import { listAt } from '../../payload.ts';
import { knownTransaction } from '../known-transaction.ts';
import { whereOf } from '../where.ts';

export const meterValues: Action = {
  name: 'MeterValues',
  neverRefused: true,
  respond: () => ({}),
  facts: (payload, listening) =>
    meterSamples(
      listAt(payload, 'meterValue'),
      '/meterValue',
      { where: whereOf(payload, listening.warn), transactionId: knownTransaction(payload) },
      listening,
    ),
};
