import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../ocpp/command-outcome.ts';
import { commandsOf } from '../../ocpp/commands-of.ts';
import type { OcppVersion } from '../../ocpp/frames/envelope.ts';
import { requestErrors } from '../../ocpp/request-errors.ts';
import { replyErrors } from './reply-errors.ts';
import { exampleReply, exampleRequest, repliesByStatus, type SchemaVersion } from './schemas.ts';

const versions = [
  { name: 'v16', ocpp: '1.6', count: 26 },
  { name: 'v201', ocpp: '2.0.1', count: 40 },
  { name: 'v21', ocpp: '2.1', count: 55 },
] as const satisfies { name: SchemaVersion; ocpp: OcppVersion; count: number }[];

const commandNamed = (ocpp: OcppVersion, name: string) => {
  const command = commandsOf(ocpp).get(name);
  if (command === undefined) throw new Error(`No command ${name} in ${ocpp}`);
  return command;
};

describe.each(versions)('the commands of OCPP $ocpp', ({ name, ocpp, count }) => {
  it('are all that the specification has the CSMS ask', () => {
    expect(commandsOf(ocpp).size).toBe(count);
  });

  it('stand in one file each, all of them registered', () => {
    const folder = new URL(`../../ocpp/${name}/to-charger/`, import.meta.url);
    const index = readFileSync(new URL('index.ts', folder), 'utf8');
    const files = readdirSync(folder).filter((file) => file !== 'index.ts');
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => !index.includes(`'./${file}'`))).toEqual([]);
  });
});

const everyCommand = versions.flatMap(({ name, ocpp }) =>
  [...commandsOf(ocpp).values()].map((command) => ({ name, ocpp, command })),
);

describe.each(everyCommand)('$ocpp $command.name', ({ name, ocpp, command }) => {
  it.each([false, true])('is requested by what the official schema allows (every optional field: %s)', (full) => {
    expect(requestErrors(ocpp, command.name, exampleRequest(name, command.name, full))).toEqual([]);
  });

  it.each([[[]], ['text'], [7], [null], [{ connectorId: {}, evseId: {}, unheard: 1 }]])(
    'is not requested by %j',
    (payload) => {
      expect(requestErrors(ocpp, command.name, payload)).not.toEqual([]);
    },
  );

  it.each([false, true])('has an outcome for a valid reply (every optional field: %s)', (full) => {
    const reply = exampleReply(name, command.name, full);
    expect(replyErrors(ocpp, command.name, reply)).toEqual([]);
    expect(command.outcome(reply).result).not.toBe('Failed');
  });

  it('has an outcome other than Failed for every status its reply can have', () => {
    const outcomes = repliesByStatus(name, command.name).map(({ word, reply }) => {
      expect(replyErrors(ocpp, command.name, reply)).toEqual([]);
      return [word, command.outcome(reply).result];
    });
    expect(outcomes.filter(([, result]) => result === 'Failed')).toEqual([]);
  });

  it.each([[[]], ['text'], [7], [null], [undefined]])('has failed when the reply is %j', (reply) => {
    expect(command.outcome(reply).result).toBe('Failed');
  });

  it('has failed when the reply lacks all it must have, or says it in words of no schema', () => {
    const words = repliesByStatus(name, command.name);
    if (words.length === 0) return;
    expect(command.outcome({}).result).toBe('Failed');
    const nonsense = JSON.parse(JSON.stringify(words[0]?.reply).replaceAll(`"${words[0]?.word}"`, '"Perhaps"'));
    expect(command.outcome(nonsense)).toMatchObject({ result: 'Failed' });
  });

  it('waits for an answer between 10 s and 2 min', () => {
    expect(command.timeoutMs).toBeGreaterThanOrEqual(10_000);
    expect(command.timeoutMs).toBeLessThanOrEqual(120_000);
  });
});

/** Everything that is not simply Accepted or Rejected by the word of that name. */
const meanings = everyCommand.flatMap(({ name, ocpp, command }) =>
  repliesByStatus(name, command.name)
    .map(({ word, reply }) => [ocpp, command.name, word, command.outcome(reply).result] as const)
    .filter(([, , word, result]) => word !== result),
);

describe('the words of replies', () => {
  it('mean what the specification says', () => {
    const lines = meanings.map(([, action, word, result]) => `${action} ${word}: ${result}`);
    expect([...new Set(lines)].sort()).toEqual([
      'ChangeAvailability Scheduled: Accepted',
      'ChangeConfiguration RebootRequired: Accepted',
      'ChangeTransactionTariff ConditionNotSupported: NotSupported',
      'ChangeTransactionTariff NoCurrencyChange: Rejected',
      'ChangeTransactionTariff TooManyElements: Rejected',
      'ChangeTransactionTariff TxNotFound: Rejected',
      'ClearChargingProfile Unknown: Accepted',
      'ClearDERControl NotFound: Accepted',
      'ClearDisplayMessage Unknown: Accepted',
      'ClearTariffs NoTariff: Accepted',
      'ClearVariableMonitoring NotFound: Accepted',
      'CustomerInformation Invalid: Rejected',
      'DataTransfer UnknownMessageId: NotSupported',
      'DataTransfer UnknownVendorId: NotSupported',
      'DeleteCertificate Failed: Rejected',
      'DeleteCertificate NotFound: Accepted',
      'ExtendedTriggerMessage NotImplemented: NotSupported',
      'GetBaseReport EmptyResultSet: Accepted',
      'GetChargingProfiles NoProfiles: Accepted',
      'GetDERControl NotFound: Accepted',
      'GetDisplayMessages Unknown: Accepted',
      'GetInstalledCertificateIds NotFound: Accepted',
      'GetLog AcceptedCanceled: Accepted',
      'GetMonitoringReport EmptyResultSet: Accepted',
      'GetReport EmptyResultSet: Accepted',
      'GetTariffs NoTariff: Accepted',
      'GetVariables NotSupportedAttributeType: NotSupported',
      'GetVariables UnknownComponent: NotSupported',
      'GetVariables UnknownVariable: NotSupported',
      'InstallCertificate Failed: Rejected',
      'ReserveNow Faulted: Rejected',
      'ReserveNow Occupied: Rejected',
      'ReserveNow Unavailable: Rejected',
      'Reset Scheduled: Accepted',
      'SendLocalList Failed: Rejected',
      'SendLocalList VersionMismatch: Rejected',
      'SetDERControl NotFound: Rejected',
      'SetDefaultTariff ConditionNotSupported: NotSupported',
      'SetDefaultTariff DuplicateTariffId: Rejected',
      'SetDefaultTariff TooManyElements: Rejected',
      'SetDisplayMessage LanguageNotSupported: NotSupported',
      'SetDisplayMessage NotSupportedMessageFormat: NotSupported',
      'SetDisplayMessage NotSupportedPriority: NotSupported',
      'SetDisplayMessage NotSupportedState: NotSupported',
      'SetDisplayMessage UnknownTransaction: Rejected',
      'SetMonitoringBase EmptyResultSet: Accepted',
      'SetNetworkProfile Failed: Rejected',
      'SetVariableMonitoring Duplicate: Rejected',
      'SetVariableMonitoring UnknownComponent: NotSupported',
      'SetVariableMonitoring UnknownVariable: NotSupported',
      'SetVariableMonitoring UnsupportedMonitorType: NotSupported',
      'SetVariables NotSupportedAttributeType: NotSupported',
      'SetVariables RebootRequired: Accepted',
      'SetVariables UnknownComponent: NotSupported',
      'SetVariables UnknownVariable: NotSupported',
      'SignedUpdateFirmware AcceptedCanceled: Accepted',
      'SignedUpdateFirmware InvalidCertificate: Rejected',
      'SignedUpdateFirmware RevokedCertificate: Rejected',
      'TriggerMessage NotImplemented: NotSupported',
      'UnlockConnector OngoingAuthorizedTransaction: Rejected',
      'UnlockConnector UnknownConnector: Rejected',
      'UnlockConnector UnlockFailed: Rejected',
      'UnlockConnector Unlocked: Accepted',
      'UnpublishFirmware DownloadOngoing: Rejected',
      'UnpublishFirmware NoFirmware: Accepted',
      'UnpublishFirmware Unpublished: Accepted',
      'UpdateFirmware AcceptedCanceled: Accepted',
      'UpdateFirmware InvalidCertificate: Rejected',
      'UpdateFirmware RevokedCertificate: Rejected',
      'UsePriorityCharging NoProfile: Rejected',
    ]);
  });
});

describe('the outcome of a reply with several items', () => {
  const variable = (attributeStatus: string) => ({
    attributeStatus,
    component: { name: 'C' },
    variable: { name: 'V' },
  });
  const changed = (...words: string[]) =>
    commandNamed('2.0.1', 'SetVariables').outcome({ setVariableResult: words.map(variable) });
  const read = (...words: string[]) =>
    commandNamed('2.0.1', 'GetVariables').outcome({ getVariableResult: words.map(variable) });

  it('of a change is Accepted only when every item is', () => {
    expect([changed('Accepted', 'RebootRequired'), changed('Accepted', 'Rejected', 'UnknownVariable')]).toEqual([
      { result: 'Accepted', status: 'Accepted' },
      { result: 'Rejected', status: 'Rejected', reason: '2 of 3: Rejected, UnknownVariable' },
    ]);
  });

  it('of a question is Accepted when one item was found', () => {
    expect([read('UnknownVariable', 'Accepted'), read('UnknownVariable', 'UnknownComponent')]).toEqual([
      { result: 'Accepted', reason: '1 of 2: UnknownVariable' },
      { result: 'NotSupported', status: 'UnknownVariable', reason: '2 of 2: UnknownVariable, UnknownComponent' },
    ]);
  });

  it('is Failed when there is no item, or one without a status', () => {
    expect([changed(), commandNamed('2.0.1', 'SetVariables').outcome({ setVariableResult: [{}] })]).toMatchObject([
      { result: 'Failed' },
      { result: 'Failed' },
    ]);
  });
});

describe('the outcome of a reply', () => {
  it('keeps the word and the reason the charger gives', () => {
    const reply = { status: 'Rejected', statusInfo: { reasonCode: 'NoPerm', additionalInfo: 'Locked by key' } };
    expect(commandNamed('2.0.1', 'Reset').outcome(reply)).toEqual({
      result: 'Rejected',
      status: 'Rejected',
      reason: 'NoPerm: Locked by key',
    });
  });

  it('does not depend on capitals and blanks', () => {
    expect(commandNamed('1.6', 'Reset').outcome({ status: ' accepted' })).toEqual({
      result: 'Accepted',
      status: 'accepted',
    });
  });

  it('of an error is NotSupported when the charger does not know the action, and Failed otherwise', () => {
    const errorOf = (code: string) =>
      outcomeOf(commandNamed('1.6', 'Reset'), { kind: 'error', id: 'm', code, description: 'why', details: {} });
    expect([errorOf('NotImplemented'), errorOf('NotSupported'), errorOf('InternalError')]).toEqual([
      { result: 'NotSupported', status: 'NotImplemented', reason: 'why' },
      { result: 'NotSupported', status: 'NotSupported', reason: 'why' },
      { result: 'Failed', status: 'InternalError', reason: 'why' },
    ]);
  });
});

describe('a command that must be confirmed', () => {
  it('is one that cannot be taken back', () => {
    const confirmed = everyCommand.filter(({ command }) => command.needsConfirmation?.({ type: 'Hard' }));
    expect([...new Set(confirmed.map(({ command }) => command.name))].sort()).toEqual([
      'PublishFirmware',
      'Reset',
      'SetNetworkProfile',
      'SignedUpdateFirmware',
      'UpdateFirmware',
    ]);
    expect(commandNamed('1.6', 'Reset').needsConfirmation?.({ type: 'Soft' })).toBe(false);
    expect(commandNamed('2.0.1', 'Reset').needsConfirmation?.({ type: 'Immediate' })).toBe(true);
  });
});
