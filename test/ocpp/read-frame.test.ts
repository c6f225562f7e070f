import { describe, expect, it } from 'vitest';
import { readFrame } from '../../ocpp/frames/read-frame.ts';
import { answerAndNormalise, head, reply } from './gateway.ts';

const id36 = 'c2d6e365-ac1v-4ea9-96ee-c0df52dbt312';
const id40 = `${id36}-404`;

describe('reading a frame', () => {
  it('reads a call', () => {
    expect(readFrame('[2,"a","Heartbeat",{}]', '1.6')).toEqual({
      kind: 'call',
      id: 'a',
      action: 'Heartbeat',
      payload: {},
    });
  });

  it('reads both kinds of reply', () => {
    expect(readFrame('[3,"a",{"status":"Accepted"}]', '1.6')).toEqual({
      kind: 'result',
      id: 'a',
      payload: { status: 'Accepted' },
    });
    expect(readFrame('[4,"a","NotSupported","no",{"b":1}]', '1.6')).toEqual({
      kind: 'error',
      id: 'a',
      code: 'NotSupported',
      description: 'no',
      details: { b: 1 },
    });
  });

  it('reads SEND and CALLRESULTERROR in 2.1 only', () => {
    expect(readFrame('[6,"a","X",{}]', '2.1').kind).toBe('send');
    expect(readFrame('[5,"a","FormatViolation","",{}]', '2.1').kind).toBe('result-error');
    expect(readFrame('[6,"a","X",{}]', '2.0.1').kind).toBe('unreadable');
    expect(readFrame('[5,"a","FormatViolation","",{}]', '1.6').kind).toBe('unreadable');
  });

  it('takes the last of duplicate keys, as JSON does, and keeps __proto__ as a plain key', () => {
    const text = '[2,"a","X",{"b":1,"b":2,"__proto__":{"polluted":true},"constructor":7}]';
    const frame = readFrame(text, '1.6');
    expect(JSON.stringify(frame.kind === 'call' && frame.payload)).toBe(
      '{"b":2,"__proto__":{"polluted":true},"constructor":7}',
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

const unreadable = [
  ['', 'nothing'],
  ['{', 'no JSON'],
  ['[2,"a","MeterValues",{"meterValue":[,{}]}]', 'a stray comma'],
  ['"text"', 'no array'],
  ['{"a":1}', 'an object'],
  ['[]', 'an empty array'],
  ['["2","a","Heartbeat",{}]', 'a message type as text'],
  ['[2,1,"Heartbeat",{}]', 'an id as number'],
  ['[2,null,"Heartbeat",{}]', 'no id'],
  ['[2,{"a":1},"Heartbeat",{}]', 'an id as object'],
  [`[2,"a","X",${'['.repeat(50_000)}]`, 'brackets nested 50,000 deep and left open'],
] as const;

describe('an unreadable frame', () => {
  it.each(unreadable)('%# is not answered in 1.6 and answered with id "-1" in 2.x: %s', (text) => {
    expect([reply(text), head(reply(text, { ocpp: '2.0.1' })), head(reply(text, { ocpp: '2.1' }))]).toEqual([
      undefined,
      [4, '-1', 'RpcFrameworkError'],
      [4, '-1', 'RpcFrameworkError'],
    ]);
    expect(answerAndNormalise(text)).toEqual({ facts: [], warnings: [], rejected: expect.any(String) });
  });

  it('of an unknown message type is not answered in 1.6 and answered with MessageTypeNotSupported in 2.x', () => {
    expect(reply('[9,"a",{}]')).toBeUndefined();
    expect(head(reply('[9,"a",{}]', { ocpp: '2.0.1' }))).toEqual([4, 'a', 'MessageTypeNotSupported']);
    expect(head(reply('[9]', { ocpp: '2.0.1' }))).toEqual([4, '-1', 'MessageTypeNotSupported']);
  });

  it.each(['[2,"a"]', '[2,"a",7,{}]', '[2,"a","Heartbeat"]', '[2,"a","Heartbeat",{},{}]'])(
    '%s is a call without the form of one: its readable id is answered (OCPP-J 1.6 section 4.2.3)',
    (text) => {
      expect(head(reply(text))).toEqual([4, 'a', 'FormationViolation']);
      expect(head(reply(text, { ocpp: '2.0.1' }))).toEqual([4, 'a', 'RpcFrameworkError']);
    },
  );

  it('with an id of more than 36 characters is an error by the OCA text; only 1.6 can echo such an id', () => {
    const text = (id: string) => `[2,"${id}","Heartbeat",{}]`;
    expect(head(reply(text(id36)))).toEqual([3, id36, { currentTime: '2026-11-20T12:00:00.000Z' }]);
    expect(head(reply(text(id40)))).toEqual([4, id40, 'FormationViolation']);
    expect(head(reply(text(id40), { ocpp: '2.0.1' }))).toEqual([4, '-1', 'RpcFrameworkError']);
  });

  it.each(['[3]', '[3,7,{}]', '[3,"a"]', '[4,"a"]', '[4,"a",5]', '[3,"a",{}]', '[4,"a","GenericError","",{}]'])(
    '%s is a reply, and a reply is never answered',
    (text) => {
      expect([reply(text), reply(text, { ocpp: '2.0.1' }), reply(text, { ocpp: '2.1' })]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    },
  );
});

const deep = {
  brackets: `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  braces: `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`,
  levels33: `{"a":${'['.repeat(31)}${']'.repeat(31)}}`,
};

describe.each(Object.entries(deep))('a frame nested deeper than 32 levels (%s)', (_what, payload) => {
  it('is answered under its own id with FormatViolation when it is a call', () => {
    const call = `[2,"a","DataTransfer",${payload}]`;
    expect(head(reply(call))).toEqual([4, 'a', 'FormationViolation']);
    expect(head(reply(call, { ocpp: '2.0.1' }))).toEqual([4, 'a', 'FormatViolation']);
    expect(answerAndNormalise(call)).toMatchObject({ facts: [], rejected: expect.stringContaining('32 levels') });
  });

  it('is answered with a result when it is a transaction message, which chargers repeat until it is taken', () => {
    expect(head(reply(`[2,"a","MeterValues",${payload}]`))).toEqual([3, 'a', {}]);
    expect(answerAndNormalise(`[2,"a","StartTransaction",${payload}]`)).toMatchObject({
      facts: [{ type: 'SessionStarted' }],
      warnings: expect.arrayContaining([{ code: 'schema-violation', message: 'Nested deeper than 32 levels' }]),
    });
  });

  it('is unreadable, and not answered, when it is a reply', () => {
    expect(readFrame(`[3,"a",${payload}]`, '1.6')).toEqual({
      kind: 'unreadable',
      reason: 'Nested deeper than 32 levels',
      fault: 'reply',
      id: 'a',
    });
    expect(reply(`[3,"a",${payload}]`, { ocpp: '2.0.1' })).toBeUndefined();
  });
});

it('takes a frame nested exactly 32 levels deep', () => {
  const payload = `{"vendorId":"V","data":${'['.repeat(30)}${']'.repeat(30)}}`;
  expect(head(reply(`[2,"a","DataTransfer",${payload}]`, { ocpp: '2.0.1' }))[0]).toBe(3);
});

describe('a message id of 70 KB', () => {
  const text = JSON.stringify([2, 'x'.repeat(70_000), 'Heartbeat', {}]);

  it('is an error that repeats it in 1.6, and names id "-1" in 2.x', () => {
    const [type, id, code] = head(reply(text));
    expect([type, String(id).length, code]).toEqual([4, 70_000, 'FormationViolation']);
    expect(head(reply(text, { ocpp: '2.0.1' }))).toEqual([4, '-1', 'RpcFrameworkError']);
  });
});

describe('a reply to a command', () => {
  it('becomes an answered command', () => {
    expect(answerAndNormalise('[3,"c1",{"status":"Rejected"}]').facts).toMatchObject([
      {
        type: 'CommandAnswered',
        messageId: 'c1',
        outcome: 'result',
        status: 'Rejected',
        payload: '{"status":"Rejected"}',
      },
    ]);
    expect(answerAndNormalise('[4,"c2","NotSupported","no such profile",{}]').facts).toMatchObject([
      {
        type: 'CommandAnswered',
        messageId: 'c2',
        outcome: 'error',
        errorCode: 'NotSupported',
        payload: '{"description":"no such profile","details":{}}',
      },
    ]);
  });

  it('that nobody waited for is noted without its secrets', () => {
    const payload = { configurationKey: [{ key: 'AuthorizationKey', readonly: false, value: 'S' }] };
    const [fact] = answerAndNormalise(JSON.stringify([3, 'c1', payload])).facts;
    expect(fact).toMatchObject({ payload: JSON.stringify(payload).replace('"S"', '"(hidden)"') });
    expect(answerAndNormalise('[4,"c2","InternalError","ftp://u:S@h is gone",{}]').facts).toMatchObject([
      { payload: '{"description":"ftp://(hidden)@h is gone","details":{}}' },
    ]);
  });

  it.each([
    ['a number beyond 2^53', '{"x":9007199254740993}'],
    ['a number beyond 1e125', '{"x":1e300}'],
    ['an empty key', '{"":1}'],
    ['an object 29 levels deep', `{"x":${'{"a":'.repeat(28)}1${'}'.repeat(28)}}`],
  ])('keeps %s as text, which every table takes', (_what, payload) => {
    const [fact] = answerAndNormalise(`[3,"u",${payload}]`).facts;
    expect(fact).toMatchObject({ payload: JSON.stringify(JSON.parse(payload)) });
  });

  it('keeps the first 4,000 characters of what it says', () => {
    const [fact] = answerAndNormalise(JSON.stringify([3, 'u', { x: 'ä'.repeat(10_000) }])).facts;
    expect(fact).toMatchObject({ payload: `{"x":"${'ä'.repeat(3_994)}` });
  });

  it('that refuses our own result (CALLRESULTERROR of 2.1) becomes a fact with a warning', () => {
    expect(answerAndNormalise('[5,"m","FormatViolation","bad",{}]', { ocpp: '2.1' })).toMatchObject({
      facts: [{ type: 'OtherMessageReceived', action: 'CALLRESULTERROR', summary: 'FormatViolation' }],
      warnings: [{ code: 'result-refused' }],
    });
  });
});

describe('a reply whose id or code is too long', () => {
  it('is unreadable (its id), or is shortened (its code and description)', () => {
    expect(readFrame(JSON.stringify([3, 'x'.repeat(37), {}]), '1.6').kind).toBe('unreadable');
    expect(readFrame(JSON.stringify([4, 'a', 'x'.repeat(5000), 'y'.repeat(5000), {}]), '1.6')).toMatchObject({
      code: 'x'.repeat(255),
      description: 'y'.repeat(255),
    });
  });
});
