import type { Action } from '../../action.ts';
import { meterSamples } from '../../meter/meter-samples.ts';
import { listAt } from '../../payload.ts';
import { whereOfIds } from '../where.ts';

export const meterValues: Action = {
  name: 'MeterValues',
  neverRefused: true,
  respond: () => ({}),
  facts: (payload, listening) => {
    const where = whereOfIds(payload);
    if (where.evseId === undefined) listening.warn('connector-missing', 'No usable evseId', '/evseId');
    return meterSamples(listAt(payload, 'meterValue'), '/meterValue', { where }, listening);
  },
};
