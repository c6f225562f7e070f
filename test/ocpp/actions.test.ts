import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Action } from '../../ocpp/action.ts';
import { actionsOf } from '../../ocpp/actions-of.ts';
import { answer } from '../../ocpp/answer.ts';
import type { Command } from '../../ocpp/command.ts';
import type { OcppVersion } from '../../ocpp/frames/envelope.ts';
import { readFrame } from '../../ocpp/frames/read-frame.ts';
import * as responses16 from '../../ocpp/generated/v16-responses.js';
import * as responses21 from '../../ocpp/generated/v21-responses.js';
import * as responses201 from '../../ocpp/generated/v201-responses.js';
import { actions16 } from '../../ocpp/v16/from-charger/index.ts';
import { commands16 } from '../../ocpp/v16/to-charger/index.ts';
import { actions21 } from '../../ocpp/v21/from-charger/index.ts';
import { commands21 } from '../../ocpp/v21/to-charger/index.ts';
import { actions201 } from '../../ocpp/v201/from-charger/index.ts';
import { commands201 } from '../../ocpp/v201/to-charger/index.ts';
import { schemaErrors, type Validate } from '../../ocpp/validate.ts';
import { chargerActions } from './charger-actions.ts';
import { accepted, answerAndNormalise, head, normaliseCall, reply, replyTo } from './gateway.ts';
import { actionNames, exampleRequest, type SchemaVersion } from './schemas.ts';

type Version = {
  name: SchemaVersion;
  ocpp: OcppVersion;
  table: readonly Action[];
  commands: readonly Command[];
  responses: Readonly<Record<string, Validate>>;
};

const versions: Version[] = [
  { name: 'v16', ocpp: '1.6', table: actions16, commands: commands16, responses: responses16 },
  { name: 'v201', ocpp: '2.0.1', table: actions201, commands: commands201, responses: responses201 },
  { name: 'v21', ocpp: '2.1', table: actions21, commands: commands21, responses: responses21 },
];

describe.each(versions)('the actions of OCPP $ocpp', ({ name, ocpp, table, commands }) => {
  it('are the charger-initiated ones of the specification, each once', () => {
    expect(table.map((action) => action.name).sort()).toEqual([...chargerActions[name]].sort());
  });

  it('make up, with our own, every action of the official schemas', () => {
    const ours = commands.map((command) => command.name);
    expect([...new Set([...chargerActions[name], ...ours])].sort()).toEqual(actionNames(name).sort());
    expect(ours.filter((action) => table.some((own) => own.name === action))).toEqual(['DataTransfer']);
  });

  it('each have a validator', () => {
    expect([...actionsOf(ocpp).validators.keys()].sort()).toEqual(table.map((action) => action.name).sort());
  });

  it('stand in one file each, all of them registered', () => {
    const folder = new URL(`../../ocpp/${name}/from-charger/`, import.meta.url);
    const index = readFileSync(new URL('index.ts', folder), 'utf8');
    const files = readdirSync(folder).map((file) => file.replace('.ts', ''));
    const actions = files.filter((file) => file !== 'index');
    expect(actions.length).toBeGreaterThan(10);
    expect(actions.filter((file) => !index.includes(`'./${file}.ts'`))).toEqual([]);
  });
});

const everyAction = versions.flatMap(({ name, ocpp, table, responses }) =>
  table.map((action) => ({ name, ocpp, action, validate: responses[action.name] })),
);

/** A SEND has no answer. */
const called = everyAction.filter(({ action }) => action.name !== 'NotifyPeriodicEventStream');

describe.each(called)('$ocpp $action.name', ({ name, ocpp, action, validate }) => {
  it.each([false, true])('is answered with a valid result (every optional field: %s)', (full) => {
    const answered = replyTo(action.name, exampleRequest(name, action.name, full), { ocpp });
    if (!Array.isArray(answered) || !validate) throw new Error('No answer, or no schema for it');
    expect([answered[0], answered[1], schemaErrors(validate, answered[2])]).toEqual([3, 'm', []]);
  });

  it('becomes facts without a warning about its form', () => {
    const { warnings, rejected } = normaliseCall(action.name, exampleRequest(name, action.name, true), { ocpp });
    const ofForm = warnings.filter(({ code }) => /^(schema|unknown-(prop|value)|null|timestamp)/.test(code));
    expect({ ofForm, rejected }).toEqual({ ofForm: [], rejected: undefined });
  });

  const junk: unknown[] = [[], 'text', 7, true, [[]], { ['__proto__']: 1, a: [{}] }];
  it.each(junk)('refuses a payload of %j with an error, unless it must never be refused', (payload) => {
    const wanted = action.neverRefused ? [3] : [3, 4];
    const answered = replyTo(action.name, payload, { ocpp });
    if (!Array.isArray(answered)) throw new Error('No answer');
    expect(wanted).toContain(answered[0]);
    if (answered[0] === 4)
      expect(answered[2]).toMatch(/^(Format|Formation|Occurr?enceConstraint|TypeConstraint)Violation$/);
    if (answered[0] === 3 && validate) expect(schemaErrors(validate, answered[2])).toEqual([]);
  });

  it('refuses wrong types as TypeConstraintViolation, unless it must never be refused', () => {
    const request = exampleRequest(name, action.name, true);
    const broken = Object.fromEntries(Object.keys(request ?? {}).map((key) => [key, [7]]));
    const [type, , code] = head(replyTo(action.name, { ...broken }, { ocpp }));
    const isEmpty = Object.keys(broken).filter((key) => key !== 'data').length === 0;
    if (action.neverRefused || isEmpty) expect(type).toBe(3);
    else expect([type, code]).toEqual([4, 'TypeConstraintViolation']);
  });
});

describe("an action that is not the charger's", () => {
  it.each([
    ['1.6', 'Reset', 'NotSupported'],
    ['2.0.1', 'Reset', 'NotSupported'],
    ['2.1', 'AFRRSignal', 'NotSupported'],
    ['1.6', 'MakeCoffee', 'NotImplemented'],
    ['2.0.1', 'StartTransaction', 'NotImplemented'],
    ['1.6', 'TransactionEvent', 'NotImplemented'],
    ['2.0.1', 'constructor', 'NotImplemented'],
    ['2.1', '__proto__', 'NotImplemented'],
    ['1.6', '', 'NotImplemented'],
  ] as const)('%s %s is %s', (ocpp, action, code) => {
    expect(head(replyTo(action, {}, { ocpp }))).toEqual([4, 'm', code]);
    expect(normaliseCall(action, {}, { ocpp })).toMatchObject({ facts: [], rejected: expect.stringContaining(code) });
  });
});

describe('an unanswered SEND of OCPP 2.1', () => {
  it('becomes a note and gets no answer', () => {
    const payload = exampleRequest('v21', 'NotifyPeriodicEventStream', false);
    const text = JSON.stringify([6, 'm', 'NotifyPeriodicEventStream', payload]);
    expect(reply(text, { ocpp: '2.1' })).toBeUndefined();
    expect(answerAndNormalise(text, { ocpp: '2.1' }).facts).toMatchObject([
      { type: 'OtherMessageReceived', action: 'NotifyPeriodicEventStream' },
    ]);
  });

  it('is refused where its action has to be a CALL, which is answered after a verdict', () => {
    const text = JSON.stringify([6, 'm', 'TransactionEvent', exampleRequest('v21', 'TransactionEvent', false)]);
    expect(reply(text, { ocpp: '2.1' })).toBeUndefined();
    expect(answerAndNormalise(text, { ocpp: '2.1' })).toEqual({
      facts: [],
      warnings: [],
      rejected: 'TransactionEvent MessageTypeNotSupported: TransactionEvent has to be a CALL, not a SEND',
    });
  });

  it.each([
    ['accepted', true],
    ['pending', false],
    ['rejected', false],
  ] as const)('of a station that is %s is kept: %s', (admission, keep) => {
    const frame = readFrame('[6,"m","NotifyPeriodicEventStream",{}]', '2.1');
    expect(answer(frame, { ...accepted, ocpp: '2.1', admission }).keep).toBe(keep);
  });
});
