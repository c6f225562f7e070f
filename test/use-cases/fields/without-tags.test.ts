import { describe, expect, it } from 'vitest';
import { jsonWithoutTags, textWithoutTags, withoutTags } from '../../../use-cases/fields/without-tags.ts';

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

  it.each([
    ['GenericError: {"idTag":"T","connectorId":1}', 'GenericError: {"idTag":"(hidden)","connectorId":1}'],
    ['Bad call: {"idTag":"T"} at 7', 'Bad call: (hidden)'],
    ['No Start{idTag=T, connectorId=1}', 'No Start(hidden)'],
    ['Connector [1.0] is {gone}', 'Connector [1.0] is {gone}'],
    ['Code [1.0]', 'Code [1.0]'],
    ['no JSON', 'no JSON'],
  ])('hides what stands behind words: %s', (text, shown) => {
    expect([textWithoutTags(text), jsonWithoutTags({ reason: text })]).toEqual([
      shown,
      JSON.stringify({ reason: shown }),
    ]);
  });

  it('hides them in JSON text inside a value as well, and half of such a text whole', () => {
    expect(jsonWithoutTags({ tag: 'T', payload: '{"idTag":"T"}', reply: '{"idTag":"T', title: 'began' })).toBe(
      JSON.stringify({ tag: '(hidden)', payload: '{"idTag":"(hidden)"}', reply: '(hidden)', title: 'began' }),
    );
  });
});
