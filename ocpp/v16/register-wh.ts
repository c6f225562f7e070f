import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { meterFigure } from '../meter/quantity.ts';
import { type Payload, registerAt, valueAt } from '../payload.ts';
import type { Warn } from '../warning.ts';

/** The registers of a transaction message, by their keys in OCPP 1.6. */
const fields = { meterStart: 'meterStartWh', meterStop: 'meterStopWh' } as const;
type Key = keyof typeof fields;
type Registers<K extends Key> = { readonly [F in (typeof fields)[K]]?: number } & { readonly meterRefused?: true };

const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text.replace(',', '.')));

/**
 * meterStart or meterStop in Wh, as the fact has it. One that is given and cannot be true (negative, or beyond any meter) is
 * left out, with a warning; the fact says that it was.
 */
export const registerWh = <K extends Key>(payload: Payload, key: K, warn: Warn): Registers<K> => {
  const value = registerAt(payload, key);
  const given = valueAt(payload, key);
  const isGiven = typeof given === 'number' || (typeof given === 'string' && isNumber(given));
  if (value === undefined && isGiven) warn('value-implausible', `${key} ${given} Wh: left out`, `/${key}`);
  const wh = value === undefined ? undefined : meterFigure('energyWh', value, key, warn, `/${key}`);
  const isRefused = wh === undefined && (isGiven || value !== undefined);
  return omitUndefined({ [fields[key]]: wh, meterRefused: isRefused || undefined }) as Registers<K>;
};
