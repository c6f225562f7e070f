import { describe, expect, it } from 'vitest';
import { stationEventOf } from '../../../domain/alerts/station-event.ts';
import { type EndedCommand, type FinalCommandState, finalCommandStates } from '../../../domain/kernel/ended-command.ts';
import { guardOf } from '../../../domain/kernel/guard.ts';
import { fold } from '../../../domain/station/fold.ts';
import { outcomeOf } from '../../../ocpp/command-outcome.ts';
import { commandsOf } from '../../../ocpp/commands-of.ts';
import { factsOf } from '../../../ocpp/facts-of.ts';
import type { OcppVersion } from '../../../ocpp/frames/envelope.ts';
import { noon } from './fixtures.ts';

/** What the alert makes of a command that ended so: from the record on the stream to the rule. */
const failureOf = (action: string, ocpp: OcppVersion, state: FinalCommandState, reason?: string) => {
  const command: EndedCommand = {
    ...{ commandId: 'c1', action, ocpp, payload: '{}', state, by: 'somebody', requestedAt: noon },
    origin: 'outside',
    ...(reason !== undefined && { reason }),
  };
  const { facts } = factsOf({ kind: 'command', stationId: 'S1', receivedAt: noon, command });
  const { station } = fold({ stationId: 'S1', station: {}, connectors: [] }, { guard: guardOf('00', '1'), facts });
  return (station?.changes ?? []).flatMap((change) => {
    const event = stationEventOf(change);
    return event?.kind === 'commandFailed' ? [event.failure] : [];
  });
};

/** The same of what a station answered. */
const failureOfReply = (ocpp: OcppVersion, action: string, payload: object) => {
  const command = commandsOf(ocpp).get(action);
  if (command === undefined) throw new Error(`OCPP ${ocpp} has no ${action}`);
  const { result, reason, status } = outcomeOf(command, { kind: 'result', id: '1', payload });
  return failureOf(action, ocpp, result, [status, reason].filter((word) => word !== undefined).join(': '));
};

const variable = (attributeStatus: string) => ({
  attributeStatus,
  component: { name: 'OCPPCommCtrlr' },
  variable: { name: 'HeartbeatInterval' },
});

describe('the alert of failed commands', () => {
  it.each<[OcppVersion, string, object]>([
    ['1.6', 'ClearChargingProfile', { status: 'Unknown' }],
    ['2.0.1', 'ClearChargingProfile', { status: 'Unknown' }],
    ['1.6', 'ChangeAvailability', { status: 'Scheduled' }],
    ['1.6', 'ChangeConfiguration', { status: 'RebootRequired' }],
    ['2.0.1', 'SetVariables', { setVariableResult: [variable('Accepted'), variable('RebootRequired')] }],
    ['2.0.1', 'GetVariables', { getVariableResult: [variable('Accepted'), variable('UnknownVariable')] }],
  ])('is silent about the usual answers: %s %s %j', (ocpp, action, payload) => {
    expect(failureOfReply(ocpp, action, payload)).toEqual([]);
  });

  it('leaves out what the station repeats of the payload, which may hold a tag', () => {
    expect(failureOf('RemoteStartTransaction', '1.6', 'Failed', 'GenericError: Bad call: {"idTag":"T"}')).toEqual([
      'RemoteStartTransaction Failed (GenericError: Bad call: …)',
    ]);
  });

  it.each<[OcppVersion, string, object, string]>([
    ['1.6', 'ClearCache', { status: 'Rejected' }, 'ClearCache Rejected (Rejected)'],
    ['1.6', 'ClearCache', {}, 'ClearCache Failed (The reply has no status)'],
    [
      '2.0.1',
      'SetVariables',
      { setVariableResult: [variable('Accepted'), variable('Rejected')] },
      'SetVariables Rejected (Rejected: 1 of 2: Rejected)',
    ],
    [
      '2.0.1',
      'SetVariables',
      { setVariableResult: [variable('UnknownVariable')] },
      'SetVariables NotSupported (UnknownVariable: 1 of 1: UnknownVariable)',
    ],
  ])('names what was refused, item by item where there are items: %s %s %j', (ocpp, action, payload, failure) => {
    expect(failureOfReply(ocpp, action, payload)).toEqual([failure]);
  });

  it('sees every end after which a command was not carried out, or nobody knows, and no other', () => {
    const seen = finalCommandStates.filter((state) => failureOf('ClearCache', '1.6', state).length > 0);
    expect(seen).toEqual(['Rejected', 'NotSupported', 'Failed', 'TimedOut', 'Unknown']);
  });
});
