import type { Action } from '../../action.ts';
import { meterSamples } from '../../meter/meter-samples.ts';
import { listAt } from '../../payload.ts';
import { evseRefOfIds } from '../evse-ref.ts';

export const meterValues: Action = {
  name: 'MeterValues',
  neverRefused: true,
  respond: () => ({}),
  facts: (payload, context) => {
    const evse = evseRefOfIds(payload);
    if (evse.evseId === undefined) context.warn('connector-missing', 'No usable evseId', '/evseId');
    return meterSamples(listAt(payload, 'meterValue'), '/meterValue', { evse }, context);
  },
};
