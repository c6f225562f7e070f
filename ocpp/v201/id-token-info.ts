import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { AnswerContext } from '../action.ts';
import { meaningfulAt, objectAt, type Payload, textAt } from '../payload.ts';

/** The tag of a message's idToken; undefined if it has none, or NoAuthorization (a start button). */
export const tagOf = (payload: Payload): string | undefined => {
  const token = objectAt(payload, 'idToken');
  return textAt(token, 'type') === 'NoAuthorization' ? undefined : meaningfulAt(token, 'idToken');
};

/** The 2.x idTokenInfo of a message's idToken. A start button asks for no tag: accepted (OCPP 2.0.1, use case C02). */
export const idTokenInfo = (payload: Payload, context: AnswerContext): Payload => {
  const tag = tagOf(payload);
  if (tag === undefined)
    return { status: textAt(objectAt(payload, 'idToken'), 'type') === 'NoAuthorization' ? 'Accepted' : 'Invalid' };
  const { status, expiresAt, parentTag } = context.tag(tag);
  return {
    status,
    ...omitUndefined({
      cacheExpiryDateTime: expiresAt === undefined ? undefined : new Date(expiresAt).toISOString(),
      groupIdToken: parentTag === undefined ? undefined : { idToken: parentTag, type: 'Central' },
    }),
  };
};
