import { meterFigure } from '../meter/quantity.ts';
import { type Payload, registerAt } from '../payload.ts';
import type { Warn } from '../warning.ts';

/** meterStart or meterStop in Wh. One that is given and cannot be true (negative, or beyond any meter) is left out, with a warning. */
export const registerWh = (payload: Payload, key: 'meterStart' | 'meterStop', warn: Warn): number | undefined => {
  const value = registerAt(payload, key);
  if (value === undefined && typeof payload[key] === 'number')
    warn('value-implausible', `${key} ${payload[key]} Wh: left out`, `/${key}`);
  return value === undefined ? undefined : meterFigure('energyWh', value, key, warn, `/${key}`);
};
