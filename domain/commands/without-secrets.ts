import { jsonBehindWords, piecesOf } from './json-behind-words.ts';

/** Stands in place of what is not shown. */
export const HIDDEN = '(hidden)';

/**
 * Names of settings, variables and members that hold a secret, without what is neither letter nor digit: AuthorizationKey of
 * 1.6, BasicAuthPassword and SharedSecret of 2.x, apnPassword and simPin of a network profile, and what makers call so.
 */
const secretNames = new RegExp(
  [
    'password|passwd|passphrase|passcode|secret|credential',
    '(authorization|auth|private|shared|api|access|master|encryption|network|wifi|wlan|wpa|wep|ssh)key',
    '(auth|access|bearer|refresh|api)token',
    '((?<!by)pass|pwd|psk|pin)$',
  ].join('|'),
  'i',
);
const isSecret = (name: unknown): boolean =>
  typeof name === 'string' && secretNames.test(name.replaceAll(/[^a-z\d]/gi, ''));

/** Members, in lower case, that name a setting or variable, and those that hold its value beside it. */
const nameMembers: readonly string[] = ['key', 'name', 'variable'];
const valueMembers: readonly string[] = ['value', 'attributevalue'];

/** No payload nests deeper, also where JSON text stands inside. */
const MOST_LEVELS = 64;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The key of a 1.6 setting, or the name of a 2.x variable, that an object tells the value of. */
const namesOf = (fields: Fields): readonly unknown[] =>
  Object.entries(fields).flatMap(([member, value]) =>
    nameMembers.includes(member.toLowerCase()) ? [isFields(value) ? value.name : value] : [],
  );

const hiddenMember = (value: unknown): unknown => (value === null || typeof value === 'boolean' ? value : HIDDEN);

const withoutSecretsOf = (fields: Fields, within: string, level: number): Fields => {
  const isOfSecret = namesOf(fields).some(isSecret);
  const entries = Object.entries(fields).map(([name, value]): [string, unknown] => {
    const isHidden =
      isSecret(name) ||
      (isOfSecret && valueMembers.includes(name.toLowerCase())) ||
      (within === 'vpn' && name === 'key');
    return [name, isHidden ? hiddenMember(value) : open(value, name, level + 1)];
  });
  return entries.every(([name, value]) => value === fields[name]) ? fields : Object.fromEntries(entries);
};

/** A value without its secrets; the same one where it holds none. `within` is the member it is the value of. */
const open = (value: unknown, within: string, level: number): unknown => {
  if (typeof value === 'string') return textWithoutSecrets(value, level);
  if (typeof value !== 'object' || value === null) return value;
  if (level > MOST_LEVELS) return HIDDEN;
  if (isFields(value)) return withoutSecretsOf(value, within, level);
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const shown = items.map((item) => open(item, within, level + 1));
  return shown.every((item, index) => item === items[index]) ? items : shown;
};

/** The user information of addresses is hidden in any text. */
const withoutUsers = (text: string): string => text.replaceAll(/:\/\/[^\s/?#]*@/g, `://${HIDDEN}@`);

const textWithoutSecrets = (text: string, level: number): string => {
  const found = jsonBehindWords(text);
  if (found === undefined) return withoutUsers(text);
  const { words, json, value } = found;
  if (value !== undefined) {
    const shown = open(value, '', level + 1);
    return withoutUsers(words) + (shown === value ? json : JSON.stringify(shown));
  }
  // Half of a payload may hold a whole secret.
  return piecesOf(json).some(isSecret) ? withoutUsers(words) + HIDDEN : withoutUsers(text);
};

/**
 * The text of a payload, an answer or a reason as it is recorded, told and shown, to whomever: passwords, keys and the user
 * information of addresses are hidden, also in JSON text inside a member. The same text where it holds none.
 */
export const withoutSecrets = (text: string): string => textWithoutSecrets(text, 0);

/** A value without its secrets, as `withoutSecrets` leaves them out of text. */
export const valueWithoutSecrets = (value: unknown): unknown => open(value, '', 0);
