import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { AnswerContext, PresentedTag } from '../action.ts';
import { type Payload, textAt } from '../payload.ts';

/** The idTag of a message; an empty one is on no list. */
export const presentedTag = (payload: Payload): PresentedTag | undefined => {
  const tag = textAt(payload, 'idTag') ?? '';
  return tag === '' ? undefined : { tag, ...omitUndefined({ stamp: textAt(payload, 'timestamp') }) };
};

/** The longest idTag of OCPP 1.6. A parent may be longer, for stations of 2.x: an answer with it would be invalid here. */
const MAX_TAG_LENGTH = 20;

/**
 * The 1.6 idTagInfo of a tag. A station that is not accepted yet may report, but nobody may charge there; nor may
 * somebody who presents an empty tag, which is on no list and is not looked up.
 */
export const idTagInfo = (tag: string, context: AnswerContext): Payload => {
  if (context.admission !== 'accepted' || tag === '') return { status: 'Invalid' };
  const { status, expiresAt, parentTag } = context.tag(tag);
  return {
    status,
    ...omitUndefined({
      expiryDate: expiresAt === undefined ? undefined : new Date(expiresAt).toISOString(),
      parentIdTag: parentTag !== undefined && parentTag.length <= MAX_TAG_LENGTH ? parentTag : undefined,
    }),
  };
};
