import type { EndedCommand } from '../domain/kernel/ended-command.ts';
import type { Fact, FactHeader } from '../domain/kernel/fact.ts';
import { omitUndefined } from '../domain/kernel/omit-undefined.ts';
import { type OcppVersion, ocppVersions } from './frames/envelope.ts';
import { integerAt, objectAt, payloadIn } from './payload.ts';
import { profileChangeOf } from './profile-change-of.ts';
import { periodsOf } from './shared/read-schedule.ts';
import { startProfileOf } from './start-profile-of.ts';

/**
 * Whether the station carried a command out: 'perhaps' where it was sent and no answer came that can be read; 'no' where it
 * said no, or was never asked.
 */
const wasDone = ({ state, sentAt, reply }: EndedCommand): 'yes' | 'no' | 'perhaps' => {
  if (state === 'Accepted') return 'yes';
  if (sentAt === undefined || state === 'Rejected' || state === 'NotSupported') return 'no';
  const isError = state === 'Failed' && typeof payloadIn(reply).errorCode === 'string';
  return isError ? 'no' : 'perhaps';
};

const changed = (command: EndedCommand, ocpp: OcppVersion, header: FactHeader): readonly Fact[] => {
  const { action, commandId, payload, by, why, requestId, origin, isWrittenHere, sentAt } = command;
  const done = wasDone(command);
  if (done === 'no' || sentAt === undefined) return [];
  const asked = payloadIn(payload);
  const change = profileChangeOf(ocpp, action, asked) ?? startProfileOf(ocpp, action, asked, sentAt);
  if (change === undefined) return [];
  const told = { commandId, ocpp, payload, by, origin, ...omitUndefined({ why, requestId, isWrittenHere }) };
  return [{ ...header, type: 'ProfilesChanged', change, isSettled: done === 'yes', sentAt, ...told }];
};

/** The schedule a station says holds: in 1.6 beside its EVSE, in 2.x with it. */
const reported = (command: EndedCommand, ocpp: OcppVersion, header: FactHeader): readonly Fact[] => {
  const [asked, reply] = [payloadIn(command.payload), payloadIn(command.reply)];
  const schedule = objectAt(reply, ocpp === '1.6' ? 'chargingSchedule' : 'schedule');
  const evseId = integerAt(asked, ocpp === '1.6' ? 'connectorId' : 'evseId');
  const durationSec = integerAt(schedule, 'duration') ?? integerAt(asked, 'duration');
  const periods = periodsOf(schedule);
  const { sentAt, state } = command;
  if (state !== 'Accepted' || sentAt === undefined || evseId === undefined) return [];
  if (periods === undefined || durationSec === undefined) return [];
  return [{ ...header, type: 'LimitsReported', evseId, sentAt, periods, durationSec }];
};

/** What the end of a command tells about the charging profiles of its station, beside that it ended. */
export const profileFacts = (command: EndedCommand, header: FactHeader): readonly Fact[] => {
  const ocpp = ocppVersions.find((version) => version === command.ocpp);
  if (ocpp === undefined) return [];
  return command.action === 'GetCompositeSchedule' ? reported(command, ocpp, header) : changed(command, ocpp, header);
};
