import { type EndedCommand, finalCommandStates } from '../../domain/kernel/ended-command.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { isPayload, type Payload } from '../payload.ts';
import { type Envelope, type OcppVersion, ocppVersions, type Transport } from './envelope.ts';

/** A record of the stream that is no envelope: parked, a retry would read the same. */
export class MalformedEnvelope extends Rejected {
  override readonly name = 'MalformedEnvelope';
}

const wrong = (field: string): never => {
  throw new MalformedEnvelope(`Malformed envelope: ${field}`);
};

const text = (from: Payload, field: string): string => {
  const value = from[field];
  return typeof value === 'string' && value !== '' ? value : wrong(field);
};

const optionalText = (from: Payload, field: string): { [key: string]: string } =>
  from[field] === undefined ? {} : { [field]: text(from, field) };

const instant = (from: Payload, field: string): number => {
  const value = from[field];
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : wrong(field);
};

const oneOf = <T extends string>(from: Payload, field: string, allowed: readonly T[]): T =>
  allowed.find((value) => value === from[field]) ?? wrong(field);

const transports: readonly Transport[] = ['websocket', 'mqtt'];

const station = (from: Payload) => ({ stationId: text(from, 'stationId'), receivedAt: instant(from, 'receivedAt') });

const link = (from: Payload): { ocpp: OcppVersion; transport: Transport } => ({
  ocpp: oneOf(from, 'ocpp', ocppVersions),
  transport: oneOf(from, 'transport', transports),
});

const findingOf = (value: unknown) => {
  const from = isPayload(value) ? value : wrong('finding');
  const at = instant(from, 'at');
  const type = oneOf(from, 'type', ['StationLost', 'StationHeard', 'SessionAbandoned']);
  if (type === 'StationLost') return { type, at, cause: oneOf(from, 'cause', ['no-connection', 'silent']) };
  if (type === 'StationHeard') return { type, at };
  const evseId = instant(from, 'evseId');
  const connectorId = instant(from, 'connectorId');
  return { type, at, evseId, connectorId, transactionId: text(from, 'transactionId') };
};

const commandOf = (value: unknown): EndedCommand => {
  const from = isPayload(value) ? value : wrong('command');
  return {
    commandId: text(from, 'commandId'),
    action: text(from, 'action'),
    ocpp: text(from, 'ocpp'),
    payload: text(from, 'payload'),
    state: oneOf(from, 'state', finalCommandStates),
    by: text(from, 'by'),
    origin: oneOf(from, 'origin', ['outside', 'internal']),
    requestedAt: instant(from, 'requestedAt'),
    // Whoever asks may leave it empty.
    ...(from.why === '' ? {} : optionalText(from, 'why')),
    ...optionalText(from, 'requestId'),
    ...optionalText(from, 'reason'),
    ...optionalText(from, 'reply'),
    ...(from.sentAt === undefined ? {} : { sentAt: instant(from, 'sentAt') }),
    ...(from.isWrittenHere === true && { isWrittenHere: true }),
  };
};

/** The text of a stream record. */
export const encodeEnvelope = (envelope: Envelope): string => JSON.stringify(envelope);

/**
 * Reads a stream record; unknown fields are dropped, so that a newer writer does not stop an older reader.
 * @throws MalformedEnvelope (a Rejected) if it is none.
 */
export const parseEnvelope = (json: string): Envelope => {
  let from: unknown;
  try {
    from = JSON.parse(json);
  } catch (cause) {
    throw new MalformedEnvelope('Malformed envelope: not JSON', { cause });
  }
  if (!isPayload(from)) return wrong('not an object');
  const kind = oneOf(from, 'kind', ['frame', 'connection', 'sweep', 'registered', 'command']);
  switch (kind) {
    case 'frame': {
      // A frame may be empty text: that, too, is what the charger said.
      const frame = typeof from.frame === 'string' ? from.frame : wrong('frame');
      const optional = {
        ...optionalText(from, 'connectionId'),
        ...optionalText(from, 'answer'),
        ...optionalText(from, 'answers'),
      };
      const unverified = from.tagUnverified === true ? { tagUnverified: true as const } : {};
      const unsettled = from.unsettled === true ? { unsettled: true as const } : {};
      return { kind, ...station(from), ...link(from), frame, ...optional, ...unverified, ...unsettled };
    }
    case 'connection': {
      const state = oneOf(from, 'state', ['opened', 'closed']);
      const untold = from.mailboxUntold === true ? { mailboxUntold: true as const } : {};
      return { kind, state, ...station(from), ...link(from), connectionId: text(from, 'connectionId'), ...untold };
    }
    case 'sweep':
      return { kind, ...station(from), finding: findingOf(from.finding) };
    case 'registered':
      return { kind, ...station(from) };
    case 'command':
      return { kind, ...station(from), command: commandOf(from.command) };
  }
};
