import { describe, expect, it } from 'vitest';
import { jsonWithoutTags, withoutTags } from '../../../use-cases/fields/without-tags.ts';

describe('text without tags', () => {
  it.each([
    ['{"idTag":"T","a":[{"parentIdTag":"P"}]}', '{"idTag":"(hidden)","a":[{"parentIdTag":"(hidden)"}]}'],
    ['{"idToken":{"idToken":"T","type":"Local"}}', '{"idToken":{"idToken":"(hidden)","type":"Local"}}'],
    [
      '{"idToken":{"idToken":"T","additionalInfo":[{"additionalIdToken":"U"}]}}',
      '{"idToken":{"idToken":"(hidden)","additionalInfo":[{"additionalIdToken":"(hidden)"}]}}',
    ],
    ['{"requestId":1,"customerIdentifier":"C"}', '{"requestId":1,"customerIdentifier":"(hidden)"}'],
    ['{"data":{"IdTag":"T"}}', '{"data":{"IdTag":"(hidden)"}}'],
    ['{"idTag":1234}', '{"idTag":"(hidden)"}'],
    [
      '{"idTags":["T",1234],"tags":[{"tag":"T","status":"Blocked"}]}',
      '{"idTags":["(hidden)","(hidden)"],"tags":[{"tag":"(hidden)","status":"Blocked"}]}',
    ],
    ['{"idTag":null,"tag":true}', '{"idTag":null,"tag":true}'],
    ['{"limit":16}', '{"limit":16}'],
    ['no JSON', '"(hidden)"'],
  ])('%s is %s', (text, hidden) => {
    expect(withoutTags(text)).toBe(hidden);
  });

  it('hides them in JSON text inside a value as well, and half of such a text whole', () => {
    expect(jsonWithoutTags({ tag: 'T', payload: '{"idTag":"T"}', reply: '{"idTag":"T', title: 'began' })).toBe(
      JSON.stringify({ tag: '(hidden)', payload: '{"idTag":"(hidden)"}', reply: '(hidden)', title: 'began' }),
    );
  });
});
