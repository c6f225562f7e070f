import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { meterFigure } from '../meter/quantity.ts';
import { type Payload, registerAt } from '../payload.ts';
import type { Warn } from '../warning.ts';

/** The registers of a transaction message, by their keys in OCPP 1.6. */
const fields = { meterStart: 'meterStartWh', meterStop: 'meterStopWh' } as const;
type Key = keyof typeof fields;
type Registers<K extends Key> = { readonly [F in (typeof fields)[K]]?: number } & { readonly meterRefused?: true };

/**
 * meterStart or meterStop in Wh, as the fact has it. One that is given and cannot be true (negative, or beyond any meter) is
 * left out, with a warning; the fact says that it was.
 */
export const registerWh = <K extends Key>(payload: Payload, key: K, warn: Warn): Registers<K> => {
  const value = registerAt(payload, key);
  const isGiven = typeof payload[key] === 'number';
  if (value === undefined && isGiven) warn('value-implausible', `${key} ${payload[key]} Wh: left out`, `/${key}`);
  const wh = value === undefined ? undefined : meterFigure('energyWh', value, key, warn, `/${key}`);
  const isRefused = wh === undefined && (isGiven || value !== undefined);
  return omitUndefined({ [fields[key]]: wh, meterRefused: isRefused || undefined }) as Registers<K>;
};
