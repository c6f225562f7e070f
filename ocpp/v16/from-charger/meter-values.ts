import type { Action } from '../../action.ts';
import { meterSamples } from '../../meter/meter-samples.ts';
import { listAt } from '../../payload.ts';
import { evseRef } from '../evse-ref.ts';
import { knownTransaction } from '../known-transaction.ts';

export const meterValues: Action = {
  name: 'MeterValues',
  neverRefused: true,
  respond: () => ({}),
  facts: (payload, context) =>
    meterSamples(
      listAt(payload, 'meterValue'),
      '/meterValue',
      { evse: evseRef(payload, context.warn), transactionId: knownTransaction(payload) },
      context,
    ),
};
