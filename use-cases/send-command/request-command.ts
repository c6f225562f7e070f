import type { Command, CommandRecord, Delivery } from '../../domain/commands/command.ts';
import { commandIdOf } from '../../domain/commands/command-id.ts';
import { LONGEST_LIFE_MS } from '../../domain/commands/mailbox.ts';
import type { Refusal } from '../../domain/commands/mailbox-state.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { isAtLeast, type Role } from '../../domain/kernel/role.ts';
import type { Command as CommandEntry } from '../../ocpp/command.ts';
import { commandsOf } from '../../ocpp/commands-of.ts';
import type { OcppVersion } from '../../ocpp/frames/envelope.ts';
import { isPayload, type Payload } from '../../ocpp/payload.ts';
import { compositeScheduleRequest, profileEnd, profilesTouched } from '../../ocpp/profiles-touched.ts';
import { requestErrors } from '../../ocpp/request-errors.ts';
import type { MailboxStore, StationContact } from '../ports/commands/mailbox-store.ts';
import { CommandRefused, type RefusalCode } from './command-refused.ts';
import { dispatch, type MailboxPorts, readWithContact, stepMailbox } from './step-mailbox.ts';

/** Who asks, as the transport vouches for it. */
export type Caller = {
  readonly by: string;
  readonly role: Role;
  /** 'internal': our own control loops. */
  readonly origin: 'outside' | 'internal';
};

/** A request without the words it is put in. */
export type CommandOrder = {
  readonly stationId: string;
  readonly why?: string;
  /** When it was asked for; now if left out. */
  readonly requestedAt?: number;
  /** From when on it is not to be executed any more, ms since the epoch. */
  readonly expiresAt?: number;
  /** How long the charger may take to answer; what is usual for the action if left out, and never more. */
  readonly timeoutMs?: number;
  /** Tells this request from others of the same millisecond; the same one again is recognised. Letters a-z and digits. */
  readonly discriminator: string;
  /** The discriminator tells it from all others: one with the same is its repeat, whatever its time. */
  readonly isDistinct?: true;
  /** What the caller calls it, told again with its outcome. */
  readonly requestId?: string;
  /** Larger is newer, for charging profiles: the instant of the decision if left out. */
  readonly version?: number;
  /** The caller knows that this is grave. */
  readonly confirm?: boolean;
};

export type CommandRequest = CommandOrder & {
  readonly action: string;
  /** JSON text of the payload: it goes on the wire as it is. */
  readonly payload: string;
};

/** What goes on the wire: an action with its payload, as text and as the object it is. */
type Written = { readonly action: string; readonly text: string; readonly payload: Payload };

/** A registered station that was connected at least once. */
export type KnownStation = StationContact & { readonly ocpp: OcppVersion };

/** Puts a request into the words of a station's OCPP version, or throws CommandRefused. */
export type Write = (station: KnownStation) => Written;

export type RequestPorts = Omit<MailboxPorts, 'mailboxes'> & {
  readonly mailboxes: Pick<MailboxStore, 'loadWithContact' | 'load' | 'commit' | 'find' | 'becameOf'>;
};

/** As much as API Gateway carries in two of its frames, and as fits twice into a mailbox. */
const MAX_PAYLOAD_BYTES = 64 * 1024;
/** A clock may run ahead; a request from further in the future is not believed. */
const FUTURE_MS = 5 * 60_000;
const lifeMs = { 'one-shot': 60_000, idempotent: 5 * 60_000, 'latest-wins': LONGEST_LIFE_MS } as const;

const refusals: Record<Refusal, readonly [RefusalCode, string]> = {
  offline: ['StationOffline', 'The station is not connected'],
  expired: ['RequestExpired', 'The request came too late'],
  'rate-limited': ['RateLimited', 'Too many commands in one minute for this caller or station'],
  'queue-full': ['QueueFull', 'Too many commands wait for this station'],
};

const payloadIn = (text: string): Payload => {
  if (Buffer.byteLength(text) > MAX_PAYLOAD_BYTES)
    throw new CommandRefused('PayloadTooLarge', `A payload has at most ${MAX_PAYLOAD_BYTES} bytes`);
  try {
    const payload: unknown = JSON.parse(text);
    if (isPayload(payload)) return payload;
  } catch (error) {
    throw new CommandRefused('MalformedPayload', `The payload is not JSON: ${String(error)}`);
  }
  throw new CommandRefused('MalformedPayload', 'The payload is not an object');
};

/** The command's entry in the table of its version, once everything about the request is in order. */
const checked = (
  { confirm }: CommandOrder,
  { action, payload }: Written,
  ocpp: OcppVersion,
  caller: Caller,
): CommandEntry => {
  const entry = commandsOf(ocpp).get(action);
  const errors = requestErrors(ocpp, action, payload);
  if (entry === undefined || errors === undefined)
    throw new CommandRefused('UnsupportedAction', `OCPP ${ocpp} has no command ${action}`);
  if (!isAtLeast(caller.role, entry.role))
    throw new CommandRefused('NotPermitted', `${action} is for the role ${entry.role}`);
  if (errors.length > 0) {
    const faults = errors.map(({ instancePath, keyword, params }) =>
      `${instancePath || '/'} ${keyword} ${Object.values(params).join(' ')}`.trim(),
    );
    throw new CommandRefused('MalformedPayload', faults.join('; '));
  }
  if (entry.needsConfirmation?.(payload) === true && confirm !== true)
    throw new CommandRefused('NotConfirmed', `This ${action} has to be confirmed (confirm: true)`);
  return entry;
};

const kindOf = (command: CommandEntry, payload: Payload): CommandEntry['kind'] =>
  command.isOnce?.(payload) === true ? 'one-shot' : command.kind;

const deliveryOf = (command: CommandEntry, ocpp: OcppVersion, payload: Payload, version: number): Delivery => {
  const { name } = command;
  const kind = kindOf(command, payload);
  const touched = kind === 'latest-wins' ? profilesTouched(ocpp, name, payload) : undefined;
  if (touched === undefined) return { kind: kind === 'one-shot' ? 'one-shot' : 'idempotent' };
  const asks = commandsOf(ocpp).get('GetCompositeSchedule');
  const { evseId } = touched.slot;
  const probe = name === 'SetChargingProfile' &&
    evseId !== undefined &&
    asks !== undefined && {
      probe: {
        action: asks.name,
        payload: JSON.stringify(compositeScheduleRequest(ocpp, evseId)),
        timeoutMs: asks.timeoutMs,
      },
    };
  return { kind: 'latest-wins', decision: { ...touched, version }, ...probe };
};

/** When a command ends unsent: as the caller says or after the usual life of its kind, and never after its profile. */
const expiryOf = (request: CommandOrder, kind: CommandEntry['kind'], requestedAt: number, validTo?: string): number => {
  const { expiresAt = requestedAt + lifeMs[kind] } = request;
  const ends = [expiresAt, requestedAt + LONGEST_LIFE_MS, validTo === undefined ? Number.NaN : Date.parse(validTo)];
  return Math.min(...ends.filter((instant) => !Number.isNaN(instant)));
};

const commandOf = (
  request: CommandOrder,
  written: Written,
  ocpp: OcppVersion,
  caller: Caller,
  now: number,
): Command => {
  const { action, text, payload } = written;
  const { requestedAt = now, why, requestId, version = requestedAt, discriminator } = request;
  const entry = checked(request, written, ocpp, caller);
  if (requestedAt > now + FUTURE_MS) throw new CommandRefused('RequestExpired', 'The request is from the future');
  return {
    commandId: commandIdOf(requestedAt, discriminator),
    action,
    payload: text,
    timeoutMs: Math.min(entry.timeoutMs, request.timeoutMs ?? entry.timeoutMs),
    ocpp,
    by: caller.by,
    origin: caller.origin,
    requestedAt,
    expiresAt: expiryOf(request, kindOf(entry, payload), requestedAt, profileEnd(ocpp, payload)),
    ...omitUndefined({ why, requestId }),
    ...deliveryOf(entry, ocpp, payload, version),
  };
};

const known = (stationId: string, contact: StationContact | undefined): KnownStation => {
  if (contact === undefined) throw new CommandRefused('UnknownStation', `No station ${stationId} is registered`);
  if (contact.admission === 'rejected') throw new CommandRefused('StationRejected', 'The station is not admitted');
  const { ocpp } = contact;
  if (ocpp === undefined) throw new CommandRefused('StationOffline', 'The station was never connected');
  return { ...contact, ocpp };
};

/** The command that an order became when it came before. */
const takenBefore = async (
  { mailboxes }: Pick<RequestPorts, 'mailboxes'>,
  { stationId, discriminator, isDistinct }: CommandOrder,
  commandId: string,
): Promise<CommandRecord | undefined> => {
  const became = isDistinct && (await mailboxes.becameOf(stationId, discriminator));
  return mailboxes.find(stationId, became || commandId);
};

/**
 * Takes an order into the mailbox of its station, in the words of the station's OCPP version, and sends it when it is its
 * turn. `isWrittenHere`: the words are ours, not the caller's. See `requestCommand` for what it resolves to and throws.
 */
export const placeCommand =
  (ports: RequestPorts) =>
  async (order: CommandOrder, write: Write, caller: Caller, isWrittenHere?: true): Promise<CommandRecord> => {
    const { stationId } = order;
    const now = ports.system.clock();
    const commandId = commandIdOf(order.requestedAt ?? now, order.discriminator);
    const place = async (): Promise<CommandRecord> => {
      const step = await stepMailbox(ports, stationId, {
        read: readWithContact(ports, stationId),
        event: ({ contact }) => {
          const station = known(stationId, contact);
          const command = commandOf(order, write(station), station.ocpp, caller, now);
          return { type: 'requested', command: { ...command, ...omitUndefined({ isWrittenHere }) } };
        },
        created: commandId,
        ...omitUndefined({ requestName: order.isDistinct && order.discriminator }),
      });
      if (step.refused !== undefined) throw new CommandRefused(...refusals[step.refused]);
      const records = step.repeats ? [] : await dispatch(ports, stationId, step);
      const last = records.findLast(({ command }) => command.commandId === commandId);
      const record = last ?? (await ports.mailboxes.find(stationId, step.repeats?.commandId ?? commandId));
      if (record === undefined && step.repeats !== undefined)
        throw new CommandRefused('RefusedBefore', 'The request was refused when it came first');
      if (record === undefined) throw new Error(`Command ${commandId} of ${stationId} left no record`);
      return record;
    };
    try {
      return await place();
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error;
      // A repeat may find its station gone, its profile over, or itself too old: what was taken stays taken.
      const taken = await takenBefore(ports, order, commandId);
      if (taken === undefined) throw error;
      return taken;
    }
  };

/**
 * Takes a request into the mailbox of its station and sends it when it is its turn. Resolves to how the command stands; a
 * request that was taken before resolves to how that one stands, and is not executed again.
 * Throws CommandRefused for a request that is not taken.
 */
export const requestCommand = (ports: RequestPorts) => {
  const place = placeCommand(ports);
  return async ({ action, payload: text, ...order }: CommandRequest, caller: Caller): Promise<CommandRecord> => {
    const payload = payloadIn(text);
    return place(order, () => ({ action, text, payload }), caller);
  };
};
