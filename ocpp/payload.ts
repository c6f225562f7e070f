import { parsedJson } from '../domain/kernel/parsed-json.ts';

/** Reading a payload that need not be valid: every reader returns undefined for what is not there or of another kind. */
export type Payload = Readonly<Record<string, unknown>>;

export const isPayload = (value: unknown): value is Payload =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object that JSON text holds; an empty one where there is no text, or where it holds none. */
export const payloadIn = (json: string | undefined): Payload => {
  const value = json === undefined ? undefined : parsedJson(json);
  return isPayload(value) ? value : {};
};

/** Own property only: a charger that sends a key `constructor` or `__proto__` reads nothing it did not write. */
export const valueAt = (payload: Payload, key: string): unknown =>
  Object.hasOwn(payload, key) ? payload[key] : undefined;

/** Words vendors write where they mean nothing. */
const nothing = new Set(['', 'null', 'none', 'n/a', 'undefined', '-']);

/** Longer text stays in the archive: facts become items and index keys, whose size is limited. */
const MAX_TEXT_LENGTH = 255;

/** Text cut to what an item can hold, and well-formed: half a surrogate pair is no text to a database. */
export const bounded = (text: string, length = MAX_TEXT_LENGTH): string => text.slice(0, length).toWellFormed();

/** Longer JSON stays in the archive. */
const MAX_JSON_LENGTH = 4000;

/**
 * A foreign value as bounded JSON text. Stored as values of its own making it could hold what no table takes (numbers beyond
 * 38 digits or 1e125, empty keys, 32 levels); as text it is only text.
 */
export const boundedJson = (value: unknown, length = MAX_JSON_LENGTH): string =>
  bounded(JSON.stringify(value) ?? 'null', length);

/** Text, also where a number was sent. */
export const textAt = (payload: Payload, key: string): string | undefined => {
  const value = valueAt(payload, key);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' ? bounded(value) : undefined;
};

/** Text that says something: not empty and none of the words vendors write for nothing. */
export const meaningfulAt = (payload: Payload, key: string): string | undefined => {
  const text = textAt(payload, key)?.trim();
  return text === undefined || nothing.has(text.toLowerCase()) ? undefined : text;
};

/** A number of at least 0, also where it was sent as text: for registers, which some vendors send with decimals. */
export const registerAt = (payload: Payload, key: string): number | undefined => {
  const value = valueAt(payload, key);
  const isText = typeof value === 'string' && /^\s*\d{1,12}([.,]\d{1,2}|\.\d{1,6})?\s*$/.test(value);
  const number = isText ? Number(value.replace(',', '.')) : value;
  return typeof number === 'number' && number >= 0 && number <= 1e12 ? number + 0 : undefined;
};

/** A whole number, also where it was sent as text. */
export const integerAt = (payload: Payload, key: string): number | undefined => {
  const value = valueAt(payload, key);
  const number = typeof value === 'string' && /^\s*[+-]?\d{1,15}\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
};

/** A finite number. */
export const numberAt = (payload: Payload, key: string): number | undefined => {
  const value = valueAt(payload, key);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
};

export const booleanAt = (payload: Payload, key: string): boolean | undefined => {
  const value = valueAt(payload, key);
  return typeof value === 'boolean' ? value : undefined;
};

/** A nested object; empty where there is none. */
export const objectAt = (payload: Payload, key: string): Payload => {
  const value = valueAt(payload, key);
  return isPayload(value) ? value : {};
};

/** The objects of a list; a single object counts as a list of one (seen from vendors). */
export const listAt = (payload: Payload, key: string): readonly Payload[] => {
  const value = valueAt(payload, key);
  return (Array.isArray(value) ? value : [value]).filter(isPayload);
};
