import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isAtLeast } from '../../domain/kernel/role.ts';
import { commandsOf } from '../../ocpp/commands-of.ts';
import type { OcppVersion } from '../../ocpp/frames/envelope.ts';
import { type NeutralCommand, NoWords } from '../../ocpp/neutral-command.ts';
import { neutralCommands } from '../../ocpp/neutral-commands/index.ts';
import { requestErrors } from '../../ocpp/request-errors.ts';

const now = '2026-11-21T12:00:00.000Z';
const occasion = { requestNumber: 77, now };
const later = '2026-11-22T09:00:00.000Z';

const named = (name: string): NeutralCommand => {
  const command = neutralCommands.find((one) => one.name === name);
  if (command === undefined) throw new Error(`There is no command ${name}`);
  return command;
};
const written = (ocpp: OcppVersion, name: string, args: object) =>
  named(name).write[ocpp === '1.6' ? '1.6' : '2.x']({ ...args }, occasion);

type Row = readonly [
  name: string,
  args: object,
  in16: readonly [string, object] | 'none',
  in2x: readonly [string, object] | 'none',
];

const card = (idToken: string, type = 'ISO14443') => ({ idToken, type });
const url = 'https://files.example/a';

const rows: readonly Row[] = [
  [
    'remoteStart',
    { tag: 'T' },
    ['RemoteStartTransaction', { idTag: 'T' }],
    ['RequestStartTransaction', { remoteStartId: 77, idToken: card('T') }],
  ],
  [
    'remoteStart',
    { tag: 'T', tagType: 'Central', evseId: 2 },
    ['RemoteStartTransaction', { idTag: 'T', connectorId: 2 }],
    ['RequestStartTransaction', { remoteStartId: 77, idToken: card('T', 'Central'), evseId: 2 }],
  ],
  [
    'remoteStop',
    { transactionId: '17' },
    ['RemoteStopTransaction', { transactionId: 17 }],
    ['RequestStopTransaction', { transactionId: '17' }],
  ],
  ['remoteStop', { transactionId: 'a-b' }, 'none', ['RequestStopTransaction', { transactionId: 'a-b' }]],
  ['reset', { kind: 'soft' }, ['Reset', { type: 'Soft' }], ['Reset', { type: 'OnIdle' }]],
  ['reset', { kind: 'hard' }, ['Reset', { type: 'Hard' }], ['Reset', { type: 'Immediate' }]],
  ['reset', { kind: 'hard', evseId: 9 }, 'none', ['Reset', { type: 'Immediate', evseId: 9 }]],
  [
    'unlock',
    { evseId: 99 },
    ['UnlockConnector', { connectorId: 99 }],
    ['UnlockConnector', { evseId: 99, connectorId: 1 }],
  ],
  [
    'unlock',
    { evseId: 2, connectorId: 2 },
    ['UnlockConnector', { connectorId: 2 }],
    ['UnlockConnector', { evseId: 2, connectorId: 2 }],
  ],
  ['unlock', { evseId: 2, connectorId: 1 }, 'none', ['UnlockConnector', { evseId: 2, connectorId: 1 }]],
  [
    'changeAvailability',
    { operative: false },
    ['ChangeAvailability', { connectorId: 0, type: 'Inoperative' }],
    ['ChangeAvailability', { operationalStatus: 'Inoperative' }],
  ],
  [
    'changeAvailability',
    { operative: true, evseId: 2 },
    ['ChangeAvailability', { connectorId: 2, type: 'Operative' }],
    ['ChangeAvailability', { operationalStatus: 'Operative', evse: { id: 2 } }],
  ],
  [
    'triggerMessage',
    { message: 'StatusNotification', evseId: 1 },
    ['TriggerMessage', { requestedMessage: 'StatusNotification', connectorId: 1 }],
    ['TriggerMessage', { requestedMessage: 'StatusNotification', evse: { id: 1 } }],
  ],
  [
    'triggerMessage',
    { message: 'LogStatusNotification' },
    ['TriggerMessage', { requestedMessage: 'DiagnosticsStatusNotification' }],
    ['TriggerMessage', { requestedMessage: 'LogStatusNotification' }],
  ],
  [
    'triggerMessage',
    { message: 'SignChargingStationCertificate' },
    ['ExtendedTriggerMessage', { requestedMessage: 'SignChargePointCertificate' }],
    ['TriggerMessage', { requestedMessage: 'SignChargingStationCertificate' }],
  ],
  [
    'triggerMessage',
    { message: 'TransactionEvent', evseId: 1, connectorId: 1 },
    'none',
    ['TriggerMessage', { requestedMessage: 'TransactionEvent', evse: { id: 1, connectorId: 1 } }],
  ],
  [
    'reserveNow',
    { tag: 'T', until: later },
    ['ReserveNow', { connectorId: 0, expiryDate: later, idTag: 'T', reservationId: 77 }],
    ['ReserveNow', { id: 77, expiryDateTime: later, idToken: card('T') }],
  ],
  [
    'reserveNow',
    { tag: 'T', parentTag: 'P', until: '2026-11-22T10:00+01:00', evseId: 2, reservationId: 5 },
    ['ReserveNow', { connectorId: 2, expiryDate: later, idTag: 'T', reservationId: 5, parentIdTag: 'P' }],
    ['ReserveNow', { id: 5, expiryDateTime: later, idToken: card('T'), evseId: 2, groupIdToken: card('P', 'Central') }],
  ],
  [
    'cancelReservation',
    { reservationId: 5 },
    ['CancelReservation', { reservationId: 5 }],
    ['CancelReservation', { reservationId: 5 }],
  ],
  ['clearCache', {}, ['ClearCache', {}], ['ClearCache', {}]],
  [
    'getLog',
    { location: url },
    ['GetDiagnostics', { location: url }],
    ['GetLog', { logType: 'DiagnosticsLog', requestId: 77, log: { remoteLocation: url } }],
  ],
  [
    'getLog',
    { location: url, kind: 'security', from: now, to: later, retries: 2, retryIntervalSec: 60 },
    [
      'GetLog',
      {
        logType: 'SecurityLog',
        requestId: 77,
        log: { remoteLocation: url, oldestTimestamp: now, latestTimestamp: later },
        retries: 2,
        retryInterval: 60,
      },
    ],
    [
      'GetLog',
      {
        logType: 'SecurityLog',
        requestId: 77,
        log: { remoteLocation: url, oldestTimestamp: now, latestTimestamp: later },
        retries: 2,
        retryInterval: 60,
      },
    ],
  ],
  [
    'updateFirmware',
    { location: url },
    ['UpdateFirmware', { location: url, retrieveDate: now }],
    ['UpdateFirmware', { requestId: 77, firmware: { location: url, retrieveDateTime: now } }],
  ],
  [
    'updateFirmware',
    { location: url, retrieveAt: later, signature: 's', signingCertificate: 'c', retries: 1 },
    [
      'SignedUpdateFirmware',
      {
        requestId: 77,
        firmware: { location: url, retrieveDateTime: later, signingCertificate: 'c', signature: 's' },
        retries: 1,
      },
    ],
    [
      'UpdateFirmware',
      {
        requestId: 77,
        firmware: { location: url, retrieveDateTime: later, signingCertificate: 'c', signature: 's' },
        retries: 1,
      },
    ],
  ],
  [
    'updateFirmware',
    { location: url, installAt: later },
    'none',
    ['UpdateFirmware', { requestId: 77, firmware: { location: url, retrieveDateTime: now, installDateTime: later } }],
  ],
  [
    'getConfiguration',
    {},
    ['GetConfiguration', {}],
    ['GetBaseReport', { requestId: 77, reportBase: 'ConfigurationInventory' }],
  ],
  [
    'getConfiguration',
    { variables: [{ name: 'HeartbeatInterval' }] },
    ['GetConfiguration', { key: ['HeartbeatInterval'] }],
    'none',
  ],
  [
    'getConfiguration',
    { variables: [{ component: 'OCPPCommCtrlr', name: 'HeartbeatInterval' }] },
    'none',
    [
      'GetVariables',
      { getVariableData: [{ component: { name: 'OCPPCommCtrlr' }, variable: { name: 'HeartbeatInterval' } }] },
    ],
  ],
  [
    'setConfiguration',
    { variables: [{ name: 'HeartbeatInterval', value: '300' }] },
    ['ChangeConfiguration', { key: 'HeartbeatInterval', value: '300' }],
    'none',
  ],
  [
    'setConfiguration',
    {
      variables: [
        { component: 'EVSE', evseId: 1, name: 'Available', instance: 'i', attribute: 'Target', value: 'true' },
      ],
    },
    'none',
    [
      'SetVariables',
      {
        setVariableData: [
          {
            component: { name: 'EVSE', evse: { id: 1 } },
            variable: { name: 'Available', instance: 'i' },
            attributeType: 'Target',
            attributeValue: 'true',
          },
        ],
      },
    ],
  ],
  [
    'sendLocalList',
    { version: 3 },
    ['SendLocalList', { listVersion: 3, updateType: 'Full' }],
    ['SendLocalList', { versionNumber: 3, updateType: 'Full' }],
  ],
  [
    'sendLocalList',
    {
      version: 4,
      update: 'differential',
      tags: [{ tag: 'T', status: 'Accepted', validTo: later, parentTag: 'P' }, { tag: 'GONE' }],
    },
    [
      'SendLocalList',
      {
        listVersion: 4,
        updateType: 'Differential',
        localAuthorizationList: [
          { idTag: 'T', idTagInfo: { status: 'Accepted', expiryDate: later, parentIdTag: 'P' } },
          { idTag: 'GONE' },
        ],
      },
    ],
    [
      'SendLocalList',
      {
        versionNumber: 4,
        updateType: 'Differential',
        localAuthorizationList: [
          {
            idToken: card('T'),
            idTokenInfo: { status: 'Accepted', cacheExpiryDateTime: later, groupIdToken: card('P', 'Central') },
          },
          { idToken: card('GONE') },
        ],
      },
    ],
  ],
  [
    'dataTransfer',
    { vendorId: 'V', messageId: 'M', data: 'x'.repeat(1_000) },
    ['DataTransfer', { vendorId: 'V', messageId: 'M', data: 'x'.repeat(1_000) }],
    ['DataTransfer', { vendorId: 'V', messageId: 'M', data: 'x'.repeat(1_000) }],
  ],
];

describe('a command in neutral terms', () => {
  it.each(
    rows.flatMap(([name, args, in16, in2x]) => [
      ['1.6', name, args, in16] as const,
      ['2.0.1', name, args, in2x] as const,
      ['2.1', name, args, in2x] as const,
    ]),
  )('is written for OCPP %s: %s of %j', (ocpp, name, args, expected) => {
    if (expected === 'none') return void expect(() => written(ocpp, name, args)).toThrow(NoWords);
    const call = written(ocpp, name, args);
    expect([call.action, call.payload]).toEqual(expected);
    expect(requestErrors(ocpp, call.action, call.payload)).toEqual([]);
  });

  it.each([
    ['remoteStart', { tag: 'T', evseId: 2, connectorId: 1 }],
    [
      'setConfiguration',
      {
        variables: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
      },
    ],
    ['updateFirmware', { location: url, signingCertificate: 'c' }],
  ])('is not half written for OCPP 1.6: %s of %j', (name, args) => {
    expect(() => written('1.6', name, args)).toThrow(NoWords);
  });

  it.each(['2.0.1', '2.1'] as const)('names no connector without its EVSE for OCPP %s', (ocpp) => {
    expect(() => written(ocpp, 'changeAvailability', { operative: true, connectorId: 1 })).toThrow(NoWords);
  });

  it.each(neutralCommands.map((command) => [command.name, command] as const))(
    '%s is tried above, in each version',
    (name) => {
      const tried = rows.filter((row) => row[0] === name);
      expect([tried.some((row) => row[2] !== 'none'), tried.some((row) => row[3] !== 'none')]).toEqual([true, true]);
    },
  );

  it.each(rows)('takes the role its OCPP command takes: %s', (name, args, ...inVersions) => {
    for (const [index, ocpp] of (['1.6', '2.0.1'] as const).entries()) {
      if (inVersions[index] === 'none') continue;
      const least = commandsOf(ocpp).get(written(ocpp, name, args).action)?.role ?? 'viewer';
      expect(isAtLeast(named(name).role, least)).toBe(true);
    }
  });

  it('stands in a file of its own, registered', () => {
    const folder = new URL('../../ocpp/neutral-commands/', import.meta.url);
    const index = readFileSync(new URL('index.ts', folder), 'utf8');
    const files = readdirSync(folder).filter((file) => file !== 'index.ts');
    expect(files.length).toBe(neutralCommands.length);
    expect(files.filter((file) => !index.includes(`'./${file}'`))).toEqual([]);
  });
});
