import { describe, expect, it } from 'vitest';
import { endedCommandOf } from '../../../domain/commands/command.ts';
import { mailbox } from '../../../domain/commands/mailbox.ts';
import { emptyMailbox } from '../../../domain/commands/mailbox-state.ts';
import { valueWithoutSecrets, withoutSecrets } from '../../../domain/commands/without-secrets.ts';
import { capabilityKeys } from '../../../ocpp/v16/capabilities.ts';
import { connection, idempotent } from './given-command.ts';

const json = (value: unknown): string => JSON.stringify(value);
const variable = (name: string, fields: object) => ({
  component: { name: 'SecurityCtrlr' },
  variable: { name },
  ...fields,
});

describe('the text of a payload without secrets', () => {
  it.each([
    [
      'the password a 1.6 charger is given',
      { key: 'AuthorizationKey', value: '4F43415F' },
      { key: 'AuthorizationKey', value: '(hidden)' },
    ],
    [
      'settings a 1.6 charger tells',
      {
        configurationKey: [
          { key: 'AuthorizationKey', readonly: false, value: 'S' },
          { key: 'A', value: '1' },
        ],
      },
      {
        configurationKey: [
          { key: 'AuthorizationKey', readonly: false, value: '(hidden)' },
          { key: 'A', value: '1' },
        ],
      },
    ],
    [
      'a variable that is set',
      { setVariableData: [variable('BasicAuthPassword', { attributeValue: 'S' })] },
      { setVariableData: [variable('BasicAuthPassword', { attributeValue: '(hidden)' })] },
    ],
    [
      'a variable that is told',
      { getVariableResult: [variable('SharedSecret', { attributeStatus: 'Accepted', attributeValue: 'S' })] },
      { getVariableResult: [variable('SharedSecret', { attributeStatus: 'Accepted', attributeValue: '(hidden)' })] },
    ],
    [
      'a network profile',
      {
        connectionData: {
          apn: { apn: 'a', apnUserName: 'u', apnPassword: 'S', simPin: 1234 },
          vpn: { server: 'v', password: 'S', key: 'S', type: 'PPTP' },
          basicAuthPassword: 'S',
        },
      },
      {
        connectionData: {
          apn: { apn: 'a', apnUserName: 'u', apnPassword: '(hidden)', simPin: '(hidden)' },
          vpn: { server: 'v', password: '(hidden)', key: '(hidden)', type: 'PPTP' },
          basicAuthPassword: '(hidden)',
        },
      },
    ],
    [
      'an address with a user',
      { log: { remoteLocation: 'ftp://fw:S@files.example.org/a@b' } },
      { log: { remoteLocation: 'ftp://(hidden)@files.example.org/a@b' } },
    ],
    [
      'JSON text of a maker',
      { vendorId: 'V', data: json({ wifi_password: 'S', url: 'sftp://u:S@h' }) },
      { vendorId: 'V', data: json({ wifi_password: '(hidden)', url: 'sftp://(hidden)@h' }) },
    ],
    [
      'a setting as a maker writes it',
      {
        data: json([
          { Key: 'AuthorizationKey', Value: 'S' },
          { Name: 'Bypass', Value: '1' },
        ]),
      },
      {
        data: json([
          { Key: 'AuthorizationKey', Value: '(hidden)' },
          { Name: 'Bypass', Value: '1' },
        ]),
      },
    ],
    ['half of such a text', { data: '{"password":"S' }, { data: '(hidden)' }],
  ])('hides %s', (_, payload, shown) => {
    expect(withoutSecrets(json(payload))).toBe(json(shown));
  });

  it.each([
    ...['WiFi_Key', 'PreSharedKey', 'ApiKey', 'Api-Token', 'AccessKey', 'OcppAuthKey', 'FtpPass', 'Passcode'],
    ...['ServicePin', 'NetworkKey', 'Credentials', 'bearerToken'],
  ])('hides the value of a setting that makers call %s', (key) => {
    expect(withoutSecrets(json({ key, value: 'S' }))).toBe(json({ key, value: '(hidden)' }));
  });

  it('tells the values of settings of which nothing is a secret', () => {
    const configurationKey = [...capabilityKeys, 'AuthorizeRemoteTxRequests', 'LocalPreAuthorize', 'PublicKey'].map(
      (key) => ({ key, value: '1' }),
    );
    const text = json({ configurationKey, unknownKey: ['A'], idTag: 'T', idToken: { idToken: 'T', type: 'ISO14443' } });
    expect(withoutSecrets(text)).toBe(text);
  });

  it('is the same to the byte where it holds none', () => {
    const text = '{ "key": "HeartbeatInterval", "value": "300", "data": "[ 1 ]", "url": "https://h:1/?a@b" }';
    expect(withoutSecrets(text)).toBe(text);
  });

  it.each([
    [
      'GenericError: {"key":"AuthorizationKey","value":"S"}',
      'GenericError: {"key":"AuthorizationKey","value":"(hidden)"}',
    ],
    ['Bad call: {"key":"AuthorizationKey","value":"S"} at 7', 'Bad call: (hidden)'],
    ['Bad call: {"key":"AuthorizationKey","val', 'Bad call: (hidden)'],
    ['No ChangeConfiguration(key=A){key=Api-Token, value=S}', 'No ChangeConfiguration(key=A)(hidden)'],
    ['at ftp://u:S@h: {"Pin":"S"}', 'at ftp://(hidden)@h: {"Pin":"(hidden)"}'],
    ['Pin [A1] is {high} at ftp://u:S@h', 'Pin [A1] is {high} at ftp://(hidden)@h'],
  ])('hides what stands behind words: %s', (reason, shown) => {
    expect(withoutSecrets(reason)).toBe(shown);
  });

  it('hides the user of an address in a reason that is no JSON', () => {
    expect(withoutSecrets('no route to ftp://u:S@h/x')).toBe('no route to ftp://(hidden)@h/x');
  });

  it('ends where a value nests deeper than any payload does', () => {
    const depth = 20_000;
    const nested: unknown = JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
    expect(json(valueWithoutSecrets({ data: nested }))).toMatch(/^{"data":\[{1,64}"\(hidden\)"\]{1,64}}$/);
  });
});

describe('the records of a command', () => {
  it('hide the secrets that its call puts on the wire', () => {
    const payload = json({ key: 'AuthorizationKey', value: 'SECRET' });
    const command = idempotent('a', { action: 'ChangeConfiguration', payload });
    const online = { connection: connection(1) };
    const sent = mailbox(emptyMailbox, { type: 'requested', command }, { now: 0, ...online });
    const reply = json({ configurationKey: [{ key: 'AuthorizationKey', value: 'SECRET' }] });
    const answered = { state: 'Failed', reason: `GenericError: ftp://u:SECRET@h ${reply}`, reply } as const;
    const ended = mailbox(sent.state, { type: 'replied', messageId: 'a.1', answered }, { now: 1, ...online });
    expect(sent.send?.payload).toBe(payload);
    expect(json([sent.records, ended.records])).not.toContain('SECRET');
    expect(ended.records.map(({ command: shown, ...rest }) => [shown.payload, rest.reason, rest.reply])).toEqual([
      [
        '{"key":"AuthorizationKey","value":"(hidden)"}',
        'GenericError: ftp://(hidden)@h {"configurationKey":[{"key":"AuthorizationKey","value":"(hidden)"}]}',
        '{"configurationKey":[{"key":"AuthorizationKey","value":"(hidden)"}]}',
      ],
    ]);
  });

  it('are told without those that one of an earlier version holds', () => {
    const secret = (value: string): string => json({ key: 'AuthorizationKey', value });
    const command = idempotent('a', { action: 'ChangeConfiguration', payload: secret('S') });
    const old = { command, state: 'Failed', at: 1, attempts: 1, reason: 'ftp://u:S@h', reply: secret('S') } as const;
    expect(endedCommandOf(old)).toMatchObject({
      payload: secret('(hidden)'),
      reason: 'ftp://(hidden)@h',
      reply: secret('(hidden)'),
    });
  });
});
