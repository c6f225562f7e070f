import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { documentedSchema, mutationsOf } from '../../graphql/deployed-schema.ts';
import { NoWords } from '../../ocpp/neutral-command.ts';
import { neutralCommands } from '../../ocpp/neutral-commands/index.ts';
import { requestErrors } from '../../ocpp/request-errors.ts';
import { exampleArguments } from '../support/example-arguments.ts';

const schema = buildSchema(`scalar AWSDateTime scalar AWSJSON ${documentedSchema()}`);
const mutations = schema.getMutationType()?.getFields() ?? {};
const occasion = { requestNumber: 7, now: '2026-11-21T12:00:00.000Z' };
/** What every mutation about commands has, and no OCPP message. */
const ofTheOrder = ['stationId', 'why', 'confirm', 'expiresInSeconds', 'requestId'];

describe('the mutations of commands', () => {
  it('are one for every command in neutral terms', () => {
    expect(mutationsOf('typed-commands').toSorted()).toEqual(neutralCommands.map(({ name }) => name).toSorted());
  });

  it.each(neutralCommands.map((command) => [command.name, command] as const))(
    '%s takes the order and its own arguments',
    (name) => {
      const names = mutations[name]?.args.map((arg) => arg.name) ?? [];
      expect(names).toEqual(expect.arrayContaining(['stationId', 'why', 'expiresInSeconds', 'requestId']));
    },
  );

  it.each(
    neutralCommands.flatMap((command) =>
      (['1.6', '2.0.1', '2.1'] as const).flatMap((ocpp) => [
        [ocpp, command.name, 'all it may have', true, command] as const,
        [ocpp, command.name, 'what it needs', false, command] as const,
      ]),
    ),
  )('are valid OCPP %s once written: %s with %s', (ocpp, name, _words, full, { write }) => {
    const args = exampleArguments(mutations[name]?.args ?? [], full);
    const write1 = () => write[ocpp === '1.6' ? '1.6' : '2.x'](args, occasion);
    if (ocpp === '1.6' && full && ['reset', 'getConfiguration', 'setConfiguration'].includes(name))
      return void expect(write1).toThrow(NoWords);
    if (ocpp === '1.6' && name === 'remoteStop') return void expect(write1).toThrow(NoWords);
    if (ocpp !== '1.6' && !full && name === 'setConfiguration') return void expect(write1).toThrow(NoWords);
    const { action, payload } = write1();
    expect(requestErrors(ocpp, action, payload)).toEqual([]);
  });

  it.each(neutralCommands.map((command) => [command.name, command] as const))(
    '%s leaves no argument unread in OCPP 2.x',
    (name, { write }) => {
      const read = new Set<string>();
      const args = new Proxy(exampleArguments(mutations[name]?.args ?? [], true), {
        get: (target, key) => {
          read.add(String(key));
          return Reflect.get(target, key);
        },
      });
      write['2.x'](args, occasion);
      const own = mutations[name]?.args.map((arg) => arg.name).filter((arg) => !ofTheOrder.includes(arg)) ?? [];
      expect(own.filter((arg) => !read.has(arg))).toEqual([]);
    },
  );
});
