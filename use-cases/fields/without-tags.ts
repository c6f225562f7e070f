import { jsonBehindWords, piecesOf } from '../../domain/commands/json-behind-words.ts';
import { HIDDEN } from '../../domain/commands/without-secrets.ts';
import { parsedJson } from '../../domain/kernel/parsed-json.ts';
import { isAtLeast } from '../../domain/kernel/role.ts';
import type { FieldCaller } from '../ports/field.ts';

/**
 * Members that hold the tag of a driver or another identity, in lower case, as vendors write them in any: our own, those of
 * 1.6, and of 2.x the idToken of an IdTokenType.
 */
const tagMembers: readonly string[] = [
  ...['tag', 'idtag', 'parentidtag', 'tags', 'idtags'],
  ...['idtoken', 'additionalidtoken', 'customeridentifier'],
];

/** Tags of drivers are for those who may send commands. */
export const maySeeTags = ({ role }: FieldCaller): boolean => isAtLeast(role, 'operator');

/** Vendors write tags as numbers, too, and lists of them. An object has members of its own. */
const hidden = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(hidden);
  return typeof value === 'string' || typeof value === 'number' ? HIDDEN : value;
};

const isTag = (name: string): boolean => tagMembers.includes(name.trim().toLowerCase());

/**
 * A text with the tags in its JSON hidden, such as the payload of a command, the data of a vendor, or the reason of a station
 * that repeats what it refuses behind some words. The same text where it holds none.
 */
export const textWithoutTags = (text: string): string => {
  const found = jsonBehindWords(text);
  if (found === undefined) return text;
  const { words, json, value } = found;
  if (value !== undefined) {
    const shown = jsonWithoutTags(value);
    return shown === JSON.stringify(value) ? text : words + shown;
  }
  // Half of a payload may hold a whole tag.
  const isPayload = words.trim() === '' || piecesOf(json).some(isTag);
  return isPayload ? words + HIDDEN : text;
};

const hide = (name: string, value: unknown): unknown => {
  if (isTag(name)) return hidden(value);
  return typeof value === 'string' ? textWithoutTags(value) : value;
};

/** A value as JSON text, with the tags of drivers hidden. */
export const jsonWithoutTags = (value: unknown): string => JSON.stringify(value, hide);

/** JSON text with the tags of drivers hidden; text that is no JSON is hidden whole. */
export const withoutTags = (json: string): string => {
  const value = parsedJson(json);
  return value === undefined ? JSON.stringify(HIDDEN) : jsonWithoutTags(value);
};
