import pMap from 'p-map';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { MAX_SESSIONS_PER_TAG, type Tag, type TagList, tagStatuses } from '../../use-cases/ports/tag-list.ts';
import {
  type EntryFields,
  onlyFields,
  optionalNumber,
  optionalText,
  optionalWord,
  textField,
} from '../command-line/entry-fields.ts';
import { instantOfText } from '../command-line/instant-flag.ts';
import { Problem } from '../command-line/problem.ts';

/** A tag as the operator writes it: an element of a seed file's "tags", or the flags of `tag add`. */
export type TagEntry = {
  readonly tag: string;
  /** Default 'Accepted'. */
  readonly status?: Tag['status'] | undefined;
  /** ISO 8601 with its zone; from then on the tag is Expired. */
  readonly expiresAt?: string | undefined;
  readonly parentTag?: string | undefined;
  /** Sessions it may have at once, such as a fleet's card: 1 to 100, default 1. */
  readonly maxSessions?: number | undefined;
};

/** OCPP 1.6 takes 20 characters, 2.x 36. */
const MAX_TAG_LENGTH = 36;

const tagText = (text: string): string => {
  if (text.length <= MAX_TAG_LENGTH) return text;
  throw new Problem(`"${text}" is no tag: a tag has at most ${MAX_TAG_LENGTH} characters`);
};

const sessionCount = (fields: EntryFields): number | undefined => {
  const count = optionalNumber(fields, 'maxSessions', 1, MAX_SESSIONS_PER_TAG);
  if (count === undefined || Number.isInteger(count)) return count;
  throw new Problem('maxSessions must be a whole number');
};

const instant = (text: string): number => {
  const ms = instantOfText(text);
  if (!Number.isNaN(ms)) return ms;
  throw new Problem(`expiresAt "${text}" is no instant: write it like 2027-01-31T00:00:00Z`);
};

/** Checks an entry. Throws a Problem that says what is wrong and what would be right. */
export const checkTag = (entry: unknown): Tag => {
  if (typeof entry !== 'object' || entry === null) throw new Problem('a tag is an object with tag, status, ...');
  const fields: EntryFields = { ...entry };
  onlyFields(fields, ['tag', 'status', 'expiresAt', 'parentTag', 'maxSessions']);
  const expiresAt = optionalText(fields, 'expiresAt');
  const parentTag = optionalText(fields, 'parentTag');
  return {
    tag: tagText(textField(fields, 'tag')),
    status: optionalWord(fields, 'status', tagStatuses) ?? 'Accepted',
    ...omitUndefined({
      expiresAt: expiresAt === undefined ? undefined : instant(expiresAt),
      parentTag: parentTag === undefined ? undefined : tagText(parentTag),
      maxSessions: sessionCount(fields),
    }),
  };
};

const CONCURRENT = 24;

/** Checks the tags of a seed file. Throws a Problem that names the one that is wrong by its place in the list. */
export const checkTags = (entries: readonly unknown[]): readonly Tag[] =>
  entries.map((entry, index) => {
    try {
      return checkTag(entry);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      throw new Problem(`tag ${index + 1} of the list: ${error.message}`, { cause: error });
    }
  });

/** Puts tags on the list, replacing what it says of them. */
export const importTags = async (tags: readonly Tag[], list: Pick<TagList, 'put'>): Promise<number> => {
  await pMap(tags, (tag) => list.put(tag), { concurrency: CONCURRENT });
  return tags.length;
};
