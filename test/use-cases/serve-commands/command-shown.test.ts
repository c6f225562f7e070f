import { describe, expect, it } from 'vitest';
import type { CommandRecord } from '../../../domain/commands/command.ts';
import { commandShown } from '../../../use-cases/serve-commands/command-shown.ts';

const record: CommandRecord = {
  command: {
    commandId: '0001a',
    kind: 'idempotent',
    action: 'DataTransfer',
    payload: '{"idTag":"T1"}',
    timeoutMs: 30_000,
    ocpp: '1.6',
    by: 'jane',
    origin: 'outside',
    requestedAt: 0,
    expiresAt: 60_000,
  },
  state: 'Accepted',
  at: 1_000,
  attempts: 1,
  reason: 'GenericError: {"idTag":"T3"}',
  reply: '{"status":"Accepted","data":"{\\"idTag\\":\\"T2\\"}"}',
};
const shownTo = (role: 'viewer' | 'operator') => {
  const { payload, reason, reply } = commandShown('CP1', record, { by: 'someone', role });
  return { payload, reason, reply };
};

describe('a command that is shown', () => {
  it('hides the tags of drivers from viewers in what was sent and in what came back', () => {
    expect(shownTo('viewer')).toEqual({
      payload: '{"idTag":"(hidden)"}',
      reason: 'GenericError: {"idTag":"(hidden)"}',
      reply: '{"status":"Accepted","data":"{\\"idTag\\":\\"(hidden)\\"}"}',
    });
  });

  it('shows them to operators', () => {
    const { command, reason, reply } = record;
    expect(shownTo('operator')).toEqual({ payload: command.payload, reason, reply });
  });

  it('hides from everybody the secrets that a record of an earlier version may hold', () => {
    const secret = (value: string): string => JSON.stringify({ key: 'AuthorizationKey', value });
    const told = { reply: secret('S'), reason: 'ftp://u:S@h' };
    const old = { ...record, command: { ...record.command, payload: secret('S') }, ...told };
    const { payload, reply, reason } = commandShown('CP1', old, { by: 'someone', role: 'administrator' });
    expect({ payload, reply, reason }).toEqual({
      payload: secret('(hidden)'),
      reply: secret('(hidden)'),
      reason: 'ftp://(hidden)@h',
    });
  });
});
