import { describe, expect, it } from 'vitest';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { factsOf } from '../../ocpp/facts-of.ts';
import type { Envelope } from '../../ocpp/frames/envelope.ts';
import { encodeEnvelope, parseEnvelope } from '../../ocpp/frames/parse-envelope.ts';
import { chooseSubProtocol, versionOf } from '../../ocpp/frames/sub-protocol.ts';
import { frameEnvelope, now } from './gateway.ts';

const common = { stationId: 'S', receivedAt: now } as const;
const link = { ocpp: '1.6', transport: 'mqtt', connectionId: 'c' } as const;
const at = now - 60_000;

const opened: Envelope = { kind: 'connection', state: 'opened', ...common, ...link };
const closed: Envelope = { kind: 'connection', state: 'closed', ...common, ...link };
const lost: Envelope = { kind: 'sweep', ...common, finding: { type: 'StationLost', at, cause: 'silent' } };
const heard: Envelope = { kind: 'sweep', ...common, finding: { type: 'StationHeard', at } };
const abandoned: Envelope = {
  kind: 'sweep',
  ...common,
  finding: { type: 'SessionAbandoned', at, evseId: 1, connectorId: 1, transactionId: 'tx' },
};
const registered: Envelope = { kind: 'registered', ...common };
const frame = frameEnvelope('[2,"m","Authorize",{"idTag":"T"}]', { answer: '[3,"m",{}]' });

const command = {
  kind: 'command' as const,
  ...common,
  command: {
    commandId: '0mfabcdef-x',
    action: 'Reset',
    ocpp: '1.6',
    payload: '{"type":"Soft"}',
    state: 'Accepted' as const,
    by: 'olga',
    origin: 'outside' as const,
    requestedAt: at,
    sentAt: at,
    why: 'it hangs',
    reason: 'Accepted',
    reply: '{"status":"Accepted"}',
  },
};
const answering: Envelope = { ...frame, frame: '[3,"m",{"status":"Accepted"}]', answers: '0mfabcdef-x' };
const unverified: Envelope = { ...frame, tagUnverified: true };

describe('an envelope', () => {
  it.each([
    opened,
    closed,
    lost,
    heard,
    abandoned,
    registered,
    frame,
    frameEnvelope(''),
    unverified,
    command,
    answering,
  ])('survives the stream: $kind', (envelope) => {
    expect(parseEnvelope(encodeEnvelope(envelope))).toEqual(envelope);
  });

  it('of a command that was asked for with an empty why survives without it', () => {
    const { why: _, ...silent } = command.command;
    const told = parseEnvelope(encodeEnvelope({ ...command, command: { ...silent, why: '' } }));
    expect(told).toEqual({ ...command, command: silent });
  });

  it('drops fields it does not know', () => {
    expect(parseEnvelope(JSON.stringify({ ...registered, traceId: 'x' }))).toEqual(registered);
  });

  it.each([
    '',
    'junk',
    'null',
    '[]',
    '{}',
    '{"kind":"__proto__"}',
    JSON.stringify({ ...registered, stationId: '' }),
    JSON.stringify({ ...registered, receivedAt: '2026' }),
    JSON.stringify({ ...registered, receivedAt: -1 }),
    JSON.stringify({ ...frame, ocpp: '1.5' }),
    JSON.stringify({ ...frame, frame: undefined }),
    JSON.stringify({ ...frame, transport: 'pigeon' }),
    JSON.stringify({ ...frame, answer: 5 }),
    JSON.stringify({ ...opened, state: 'ajar' }),
    JSON.stringify({ ...command, command: { ...command.command, state: 'Sent' } }),
    JSON.stringify({ ...command, command: { ...command.command, by: undefined } }),
    JSON.stringify({ ...lost, finding: null }),
    JSON.stringify({ ...abandoned, finding: { ...abandoned.finding, transactionId: undefined } }),
  ])('that is none is rejected, not retried: %s', (json) => {
    expect(() => parseEnvelope(json)).toThrow(Rejected);
  });
});

describe('the facts of an envelope', () => {
  it('tell once how a command ended: the frame that answered it tells nothing beside', () => {
    expect(factsOf(command).facts).toEqual([
      {
        at: now,
        receivedAt: now,
        clock: 'receiver',
        messageId: '0mfabcdef-x',
        type: 'CommandEnded',
        ...command.command,
      },
    ]);
    expect(factsOf(answering).facts).toEqual([]);
    expect(factsOf(heard)).toEqual({ facts: [], warnings: [] });
  });

  const said = { at: now, receivedAt: now, clock: 'receiver' };

  it.each([
    [
      opened,
      { ...said, messageId: 'c:opened', type: 'ConnectionOpened', connectionId: 'c', ocpp: '1.6', transport: 'mqtt' },
    ],
    [closed, { ...said, messageId: 'c:closed', type: 'ConnectionClosed', connectionId: 'c' }],
    [lost, { ...said, at, messageId: `lost:silent:${at}`, type: 'StationLost', cause: 'silent' }],
    [
      abandoned,
      {
        ...said,
        at,
        messageId: 'abandoned:tx',
        type: 'SessionAbandoned',
        evseId: 1,
        connectorId: 1,
        transactionId: 'tx',
      },
    ],
    [registered, { ...said, messageId: `registered:${now}`, type: 'StationRegistered' }],
    [frame, { ...said, messageId: 'm', type: 'TagPresented', tag: 'T' }],
  ])('%# are one', (envelope, fact) => {
    expect(factsOf(envelope)).toEqual({ facts: [fact], warnings: [] });
  });
});

describe('the sub-protocol', () => {
  it.each([
    [['ocpp1.6'], 'ocpp1.6'],
    [['ocpp1.6', ' ocpp2.0.1 '], 'ocpp2.0.1'],
    [['ocpp1.6, ocpp2.1,ocpp2.0.1'], 'ocpp2.1'],
    [['ocpp2.0', 'ocpp1.5', 'OCPP1.6'], undefined],
    [[], undefined],
    [['constructor', ''], undefined],
  ])('of %j is %j', (offered, chosen) => {
    expect(chooseSubProtocol(offered)).toBe(chosen);
  });

  it('stands for its version', () => {
    expect([versionOf('ocpp1.6'), versionOf('ocpp2.0.1'), versionOf('ocpp2.1')]).toEqual(['1.6', '2.0.1', '2.1']);
  });
});
