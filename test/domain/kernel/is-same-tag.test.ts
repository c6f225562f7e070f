import { expect, it } from 'vitest';
import { tagKey } from '../../../aws/dynamodb/tag-list.ts';
import { isSameTag } from '../../../domain/kernel/is-same-tag.ts';

it.each([
  ['aB12', 'Ab12', true],
  ['A', 'B', false],
  ['\u0131', 'i', true],
  ['\u0130', 'i\u0307', false],
])('tags %j and %j are the same as they are on the list (%s)', (one, other, isSame) => {
  expect([isSameTag(one, other), tagKey(one) === tagKey(other)]).toEqual([isSame, isSame]);
});
