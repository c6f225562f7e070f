import { HIDDEN } from '../../domain/commands/without-secrets.ts';
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

/** JSON text inside a member, such as the payload of a command or the data of a vendor, is looked into as well. */
const hide = (name: string, value: unknown): unknown => {
  if (tagMembers.includes(name.toLowerCase())) return hidden(value);
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.stringify(JSON.parse(value), hide);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return HIDDEN; // Half of a payload may hold a whole tag.
  }
};

/** A value as JSON text, with the tags of drivers hidden. */
export const jsonWithoutTags = (value: unknown): string => JSON.stringify(value, hide);

/** JSON text with the tags of drivers hidden; text that is no JSON is hidden whole. */
export const withoutTags = (json: string): string => {
  try {
    return jsonWithoutTags(JSON.parse(json));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return JSON.stringify(HIDDEN);
  }
};
