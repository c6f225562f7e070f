import type { Warn } from '../warning.ts';

const plain = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;
const comma = /^[+-]?\d+,\d+$/;
const thousands = /^[+-]?\d{1,3},\d{3}$/;

/**
 * A meter value: a number, or text as OCPP 1.6 sends it. Undefined, with a warning, for anything else.
 * "1,5" is read as 1.5; "1,234" could be either 1.234 or 1234 and is read as nothing.
 */
export const parseNumber = (raw: unknown, warn: Warn, path: string): number | undefined => {
  if (typeof raw === 'number' && Number.isFinite(raw)) return raw;
  const text = typeof raw === 'string' ? raw.trim() : '';
  if (plain.test(text)) return Number(text);
  if (comma.test(text) && !thousands.test(text)) {
    warn('comma-decimal', `"${text}" is read with a decimal comma`, path);
    return Number(text.replace(',', '.'));
  }
  const shown = JSON.stringify(raw) ?? 'nothing';
  warn('value-unreadable', `${shown.slice(0, 40)} is no number: left out`, path);
  return undefined;
};
