import { describe, expect, it } from 'vitest';
import { parseRule, substitute, topicMatches } from '../../../local/iot/rule-query.ts';
import { policyAllows } from '../../../local/template/policy-allows.ts';

const message = {
  topic: 'ocpp/CP1/in',
  payload: Buffer.from('[2,"1","Heartbeat",{}]'),
  clientId: 'CP1',
  at: 1_700_000_000_000,
  newUuid: () => 'a-uuid',
};

describe('topic rules', () => {
  it('selects the raw payload and what is known about the message', () => {
    const rule = parseRule(
      "SELECT encode(*, 'base64') AS frame, topic(2) AS stationId, clientid() AS clientId, timestamp() AS receivedAt FROM 'ocpp/+/in'",
    );
    expect([rule.filter, rule.select(message)]).toEqual([
      'ocpp/+/in',
      { frame: message.payload.toString('base64'), stationId: 'CP1', clientId: 'CP1', receivedAt: message.at },
    ]);
  });

  it('selects a whole JSON payload and parts of it', () => {
    const payload = Buffer.from('{"a":{"b":1},"c":2}');
    const [all, part] = ["SELECT * FROM 'x'", "SELECT a.b AS b, c FROM 'x'"].map((sql) =>
      parseRule(sql).select({ ...message, payload }),
    );
    expect([all, part]).toEqual([
      { a: { b: 1 }, c: 2 },
      { b: 1, c: 2 },
    ]);
  });

  it.each(["SELECT * FROM 'x' WHERE a = 1", "SELECT md5(*) AS h FROM 'x'", 'nonsense'])('refuses %s', (sql) => {
    expect(() => parseRule(sql)).toThrow(/not supported/);
  });

  it('fills in the placeholders of an action', () => {
    expect(substitute(`mqtt/\${topic(2)}/\${timestamp()}`, message)).toBe('mqtt/CP1/1700000000000');
  });

  it.each<[string, string, boolean]>([
    ['ocpp/+/in', 'ocpp/CP1/in', true],
    ['ocpp/+/in', 'ocpp/CP1/out', false],
    ['ocpp/+/in', 'ocpp/a/b/in', false],
    ['ocpp/#', 'ocpp/a/b', true],
    ['#', '$aws/events/x', false],
    ['$aws/events/presence/+/+', '$aws/events/presence/connected/CP1', true],
  ])('filter %s on topic %s: %s', (filter, topic, expected) => {
    expect(topicMatches(filter, topic)).toBe(expected);
  });
});

describe('policyAllows', () => {
  const allow = { Effect: 'Allow', Action: 'iot:Publish', Resource: ['arn:aws:iot:eu-west-1:0:topic/ocpp/CP1/*'] };
  const deny = { Effect: 'Deny', Action: '*', Resource: '*secret' };
  it.each<[string, string, boolean]>([
    ['iot:Publish', 'arn:aws:iot:eu-west-1:0:topic/ocpp/CP1/in', true],
    ['iot:Publish', 'arn:aws:iot:eu-west-1:0:topic/ocpp/CP2/in', false],
    ['iot:Subscribe', 'arn:aws:iot:eu-west-1:0:topic/ocpp/CP1/in', false],
    ['iot:Publish', 'arn:aws:iot:eu-west-1:0:topic/ocpp/CP1/secret', false],
  ])('%s on %s: %s', (action, resource, expected) => {
    expect(policyAllows({ Statement: [allow, deny] }, action, resource)).toBe(expected);
  });

  it('refuses a policy with conditions, because ignoring one would allow too much', () => {
    expect(() => policyAllows({ Statement: [{ ...allow, Condition: { Bool: {} } }] }, 'iot:Publish', 'x')).toThrow();
  });
});
