import { DAY_MS } from '../kernel/durations.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { unreachable } from '../kernel/unreachable.ts';
import type { Command, CommandCall, CommandRecord, CommandState } from './command.ts';
import type {
  Answered,
  Connection,
  LostCall,
  MailboxEvent,
  MailboxState,
  MailboxStep,
  Outgoing,
  Outstanding,
  Refusal,
  RememberedDecision,
  Waiting,
} from './mailbox-state.ts';
import { type ProfileDecision, replaces, wouldUndo } from './profile-slot.ts';
import { counted } from './rate-window.ts';
import { withoutSecrets } from './without-secrets.ts';

export const MAX_QUEUED = 32;
/** Characters of callers that wait, up to three bytes each: with the outstanding call and the decisions they fit into an item (400 KB). */
const MAX_QUEUED_CHARACTERS = 92_000;
/** A charger that has just connected boots or reports its status first, and its socket must be open on both sides. */
export const READY_AFTER_MS = 2_000;
/**
 * A connection that was gone is tried again after this: its end may never be told, and one that is still being opened looks gone.
 * Without the pause each try would plan the next two.
 */
export const GONE_FOR_MS = 60_000;
/** No request lives longer, so no older decision arrives later than this after a newer one. */
export const LONGEST_LIFE_MS = DAY_MS;
/** Decisions remembered at most; the oldest gives way. */
const MAX_DECIDED = 128;
/** How long the question what holds may wait for its turn. */
const PROBE_LIFE_MS = 300_000;

/** What has been decided so far in a step: the mailbox as it will be, and the records. */
type Draft = { readonly state: MailboxState; readonly records: readonly CommandRecord[] };

/** Only the mailbox holds the secrets of a command: what is recorded of it is read by many. */
const recordOf = (
  { command, attempts, lost, messageId = lost?.messageId, sentAt = lost?.sentAt }: Waiting & Partial<Outstanding>,
  state: CommandState,
  at: number,
  { reason, reply }: Omit<Answered, 'state'> = {},
): CommandRecord => ({
  command: { ...command, payload: withoutSecrets(command.payload) },
  attempts,
  state,
  at,
  ...omitUndefined({
    messageId,
    sentAt,
    reason: reason && withoutSecrets(reason),
    reply: reply && withoutSecrets(reply),
  }),
});

/** The end of one that waits and is not sent any more. Of one that was on the wire nobody knows whether it was carried out. */
const unsentOf = (waiting: Waiting, state: 'Expired' | 'Failed', at: number, reason?: string): CommandRecord =>
  waiting.lost === undefined
    ? recordOf(waiting, state, at, omitUndefined({ reason }))
    : recordOf(waiting, 'Unknown', at, { reason: 'connection-lost' });

const revised = (draft: Draft, fields: Partial<MailboxState>, ...records: readonly CommandRecord[]): Draft => ({
  state: { ...draft.state, ...fields },
  records: [...draft.records, ...records],
});

const withoutOutstanding = ({ outstanding: _, ...state }: MailboxState): MailboxState => state;

/** Takes the outstanding call off, with how its command stands now. */
const takenOff = (draft: Draft, record: CommandRecord): Draft => ({
  state: withoutOutstanding(draft.state),
  records: [...draft.records, record],
});

/** Whether a command is about profiles and a newer decision has been taken about all it would set. */
const isObsolete = ({ decided }: MailboxState, command: Command): boolean =>
  command.kind === 'latest-wins' &&
  decided.some((later) => later.version > command.decision.version && replaces(later, command.decision));

/** Back to the head of the queue: to be sent again, under another message id. `lost` is the last attempt that may have arrived. */
const putBack = (draft: Draft, outstanding: Outstanding, lost: LostCall | undefined, now: number): Draft => {
  const { command, attempts } = outstanding;
  const off = takenOff(draft, recordOf(outstanding, 'Queued', now));
  return revised(off, { queue: [{ command, attempts, ...omitUndefined({ lost }) }, ...off.state.queue] });
};

/** The connection of the outstanding call was lost: no answer will come, and nobody knows whether it arrived. */
const lose = (draft: Draft, outstanding: Outstanding, now: number): Draft => {
  const { command, messageId, sentAt } = outstanding;
  return command.kind === 'one-shot' || isObsolete(draft.state, command)
    ? takenOff(draft, recordOf(outstanding, 'Unknown', now, { reason: 'connection-lost' }))
    : putBack(draft, outstanding, { messageId, sentAt }, now);
};

const probeOf = ({ commandId, ocpp }: Command, call: CommandCall, now: number): Command => ({
  ...call,
  commandId: `${commandId}p`,
  ocpp,
  kind: 'idempotent',
  by: 'wattstream',
  why: `what holds after ${commandId} was not answered`,
  origin: 'internal',
  requestedAt: now,
  expiresAt: now + PROBE_LIFE_MS,
});

/** Ends what has waited too long, for its answer or for its turn. */
const endOverdue = (draft: Draft, now: number): Draft => {
  const { outstanding } = draft.state;
  const late = outstanding !== undefined && outstanding.deadlineAt <= now;
  const settled = late ? takenOff(draft, recordOf(outstanding, 'TimedOut', now)) : draft;
  const overdue = settled.state.queue.filter(({ command }) => command.expiresAt <= now);
  const expired =
    overdue.length === 0
      ? settled
      : revised(
          settled,
          { queue: settled.state.queue.filter((waiting) => !overdue.includes(waiting)) },
          ...overdue.map((waiting) => unsentOf(waiting, 'Expired', now)),
        );
  const command = late ? outstanding.command : undefined;
  if (command?.kind !== 'latest-wins' || command.probe === undefined || isObsolete(expired.state, command))
    return expired;
  const probe = { command: probeOf(command, command.probe, now), attempts: 0 };
  return revised(expired, { queue: [probe, ...expired.state.queue] }, recordOf(probe, 'Queued', now));
};

/** How much of a command its caller wrote; the rest has a length of its own. */
const charactersOf = ({ payload, why = '', requestId = '', by }: Command): number =>
  payload.length + why.length + requestId.length + by.length;

const isFull = (queue: readonly Waiting[], asked: Command): boolean =>
  queue.length >= MAX_QUEUED ||
  queue.reduce((sum, { command }) => sum + charactersOf(command), charactersOf(asked)) > MAX_QUEUED_CHARACTERS;

/** The decisions to remember with one more: what it replaces is forgotten, and what can no longer be contradicted. */
const rememberedWith = (
  decided: readonly RememberedDecision[],
  decision: ProfileDecision,
  now: number,
): RememberedDecision[] =>
  [
    ...decided.filter((earlier) => earlier.until > now && !replaces(decision, earlier)),
    { ...decision, until: now + LONGEST_LIFE_MS },
  ].slice(-MAX_DECIDED);

/** Takes a request in, or says why not. */
const request = (
  begun: Draft,
  command: Command,
  connection: Connection | undefined,
  now: number,
): Draft | { readonly refused: Refusal } => {
  const draft = endOverdue(begun, now);
  const { state } = draft;
  if (command.expiresAt <= now) return { refused: 'expired' };
  if (connection === undefined && command.kind !== 'latest-wins') return { refused: 'offline' };
  const asked = command.origin === 'internal' ? state.asked : counted(state.asked, command.by, now);
  if (command.origin === 'outside' && asked === undefined) return { refused: 'rate-limited' };
  const window = omitUndefined({ asked });
  const waiting = { command, attempts: 0 };
  if (command.kind !== 'latest-wins')
    return isFull(state.queue, command)
      ? { refused: 'queue-full' }
      : revised(draft, { ...window, queue: [...state.queue, waiting] }, recordOf(waiting, 'Queued', now));

  const { decision } = command;
  if (state.decided.some((newer) => wouldUndo(decision, newer)))
    return revised(draft, window, recordOf(waiting, 'Superseded', now));
  const superseded = state.queue.filter(
    ({ command: earlier }) => earlier.kind === 'latest-wins' && replaces(decision, earlier.decision),
  );
  const queue = state.queue.filter((earlier) => !superseded.includes(earlier));
  if (isFull(queue, command)) return { refused: 'queue-full' };
  return revised(
    draft,
    {
      ...window,
      queue: [...queue, waiting],
      decided: rememberedWith(state.decided, decision, now),
      // Whoever asks may not know yet of a connection that is just being opened.
      ...(connection === undefined && { wakeAt: now + READY_AFTER_MS }),
    },
    ...superseded.map((earlier) => recordOf(earlier, 'Superseded', now)),
    recordOf(waiting, 'Queued', now),
  );
};

/** Commands that may be sent once only do not wait for a station to come back: nobody expects them any more then. */
const failOneShots = (draft: Draft, now: number): Draft => {
  const failed = draft.state.queue.filter(({ command }) => command.kind === 'one-shot');
  if (failed.length === 0) return draft;
  const queue = draft.state.queue.filter((waiting) => !failed.includes(waiting));
  return revised(draft, { queue }, ...failed.map((one) => recordOf(one, 'Failed', now, { reason: 'offline' })));
};

const take = (
  draft: Draft,
  event: MailboxEvent,
  connection: Connection | undefined,
  now: number,
): Draft | { readonly refused: Refusal } => {
  const { outstanding } = draft.state;
  switch (event.type) {
    case 'requested':
      return request(draft, event.command, connection, now);
    case 'replied': {
      if (outstanding?.messageId !== event.messageId) return draft;
      const { state, ...told } = event.answered;
      return takenOff(draft, recordOf(outstanding, state, now, told));
    }
    case 'connected': {
      // Of two connections of one instant nobody knows which came later: the call then waits for its deadline.
      const isLost =
        outstanding !== undefined &&
        connection !== undefined &&
        outstanding.connectionId !== connection.connectionId &&
        outstanding.connectedAt < connection.openedAt;
      return isLost ? lose(draft, outstanding, now) : draft;
    }
    case 'disconnected': {
      const left = outstanding?.connectionId === event.connectionId ? lose(draft, outstanding, now) : draft;
      return connection === undefined ? failOneShots(left, now) : left;
    }
    case 'unsent': {
      if (outstanding?.messageId !== event.messageId) return draft;
      const until = now + GONE_FOR_MS;
      const gone = { connectionId: outstanding.connectionId, until };
      const after =
        outstanding.command.kind === 'one-shot'
          ? takenOff(draft, recordOf(outstanding, 'Failed', now, { reason: 'offline' }))
          : putBack(draft, outstanding, outstanding.lost, now);
      // What waits is tried again then, as nobody may tell of a newer connection.
      return revised(after, { gone, ...(after.state.queue.length > 0 && { wakeAt: until }) });
    }
    case 'woken':
      return draft;
    default:
      return unreachable(event);
  }
};

/**
 * When something may be sent on a connection. Instants of MQTT sessions are right to two minutes: one that lies ahead does not
 * say when the session began, and who waited for it would let what lives a minute expire.
 */
const readyAtOf = ({ openedAt }: Connection, now: number): number =>
  openedAt > now + READY_AFTER_MS ? now : openedAt + READY_AFTER_MS;

/**
 * Gives the next command out for sending, where there is one, a connection that is ready, and nothing outstanding. While a
 * connection is being opened (`isOpening`) nothing is given out, however late it is told of: it may not be answered yet.
 */
const sendNext = (
  draft: Draft,
  connection: Connection | undefined,
  now: number,
  isOpening: boolean,
): Draft & { readonly send?: Outgoing } => {
  const { queue, outstanding, wakeAt, ...rest } = draft.state;
  const isAwake = wakeAt !== undefined && wakeAt <= now;
  const awake: Draft = isAwake ? { ...draft, state: { ...rest, queue, ...omitUndefined({ outstanding }) } } : draft;
  const [waiting, ...others] = queue;
  if (outstanding !== undefined || waiting === undefined || connection === undefined) return awake;
  const { connectionId, ocpp, openedAt } = connection;
  const { gone } = rest;
  const knownAt = gone?.connectionId === connectionId ? gone.until : readyAtOf(connection, now);
  const readyAt = isOpening && knownAt <= now ? now + READY_AFTER_MS : knownAt;
  if (readyAt > now) return awake.state.wakeAt === readyAt ? awake : revised(awake, { wakeAt: readyAt });
  const { command, lost } = waiting;
  if (command.ocpp !== ocpp) {
    const failed = unsentOf(waiting, 'Failed', now, `the station speaks OCPP ${ocpp} now`);
    return sendNext(revised(awake, { queue: others }, failed), connection, now, isOpening);
  }
  const attempts = waiting.attempts + 1;
  const messageId = `${command.commandId}.${attempts}`;
  const call: Outstanding = {
    command,
    attempts,
    messageId,
    connectionId,
    connectedAt: openedAt,
    sentAt: now,
    deadlineAt: now + command.timeoutMs,
    ...omitUndefined({ lost }),
  };
  return {
    ...revised(awake, { queue: others, outstanding: call }, recordOf(call, 'Sent', now)),
    send: { messageId, connectionId, action: command.action, payload: command.payload },
  };
};

/**
 * What an event makes of a station's mailbox. `connection` is the station's open connection as far as the caller knows;
 * `now` is ms since the epoch. The caller writes `state` under the revision it read; only when that was taken, it sends.
 */
export const mailbox = (
  before: MailboxState,
  event: MailboxEvent,
  { now, connection }: { readonly now: number; readonly connection?: Connection | undefined },
): MailboxStep => {
  const taken = take({ state: before, records: [] }, event, connection, now);
  if ('refused' in taken) return { state: before, records: [], refused: taken.refused };
  const { state, records, send } = sendNext(endOverdue(taken, now), connection, now, event.type === 'connected');
  if (state === before) return { state, records };
  return { state: { ...state, rev: before.rev + 1 }, records, ...omitUndefined({ send }) };
};
