import { Problem } from './problem.ts';

/** Fields as somebody wrote them: a line of flags or an object of a JSON file. */
export type EntryFields = Readonly<Record<string, unknown>>;

const MAX_TEXT_LENGTH = 100;

/** A text of 1 to 100 characters. */
export const textField = (fields: EntryFields, name: string): string => {
  const value = fields[name];
  if (typeof value === 'string' && value.trim() !== '' && value.length <= MAX_TEXT_LENGTH) return value;
  throw new Problem(
    `${name} is ${value === undefined ? 'missing' : 'unusable'}: give 1 to ${MAX_TEXT_LENGTH} characters`,
  );
};

/** The same, where it may be left out. */
export const optionalText = (fields: EntryFields, name: string): string | undefined =>
  fields[name] === undefined ? undefined : textField(fields, name);

/** A number within bounds, or nothing. */
export const optionalNumber = (fields: EntryFields, name: string, from: number, to: number): number | undefined => {
  const value = fields[name];
  if (value === undefined || (typeof value === 'number' && value >= from && value <= to)) return value;
  throw new Problem(`${name} must be a number from ${from} to ${to}`);
};

/** One of several words, or nothing. */
export const optionalWord = <Word extends string>(
  fields: EntryFields,
  name: string,
  words: readonly Word[],
): Word | undefined => {
  const value = fields[name];
  const word = words.find((candidate) => candidate === value);
  if (value === undefined || word !== undefined) return word;
  throw new Problem(`${name} must be one of: ${words.join(', ')}`);
};

/** Refuses a field nobody reads: a misspelt name must not be taken for an absent value. */
export const onlyFields = (fields: EntryFields, known: readonly string[]): void => {
  const stray = Object.keys(fields).find((name) => !known.includes(name));
  if (stray !== undefined) throw new Problem(`${stray} is no known field; known are ${known.join(', ')}`);
};
