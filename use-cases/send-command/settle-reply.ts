import { boundedCache } from '../../async/bounded-cache.ts';
import type { Answered, MailboxState } from '../../domain/commands/mailbox-state.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { outcomeOf } from '../../ocpp/command-outcome.ts';
import { commandsOf } from '../../ocpp/commands-of.ts';
import type { OcppVersion } from '../../ocpp/frames/envelope.ts';
import type { Frame, Reply, Unreadable } from '../../ocpp/frames/read-frame.ts';
import type { StationConnection } from '../ports/commands/mailbox-store.ts';
import { dispatch, frameOf, type MailboxPorts, readWithContact, stepMailbox } from './step-mailbox.ts';

/** A frame that answers something, or would if it could be read. */
export type Answer = Reply | Unreadable;

/** Whether a frame answers something, or would if it could be read. */
export const isAnswer = (frame: Frame): frame is Answer =>
  frame.kind === 'result' || frame.kind === 'error' || frame.kind === 'unreadable';

export type Settled = {
  /** The command the frame answers. */
  readonly commandId: string;
  /** The next call of the station: text to put on the wire now, on the connection the answer came by. */
  readonly next?: string;
};

export type SettleReply = (
  stationId: string,
  answer: Answer,
  ocpp: OcppVersion,
  route: StationConnection | undefined,
) => Promise<Settled | undefined>;

const jsonOf = (reply: Reply): string =>
  JSON.stringify(
    reply.kind === 'result'
      ? reply.payload
      : { errorCode: reply.code, errorDescription: reply.description, errorDetails: reply.details },
  );

/** How the answer to a call is to be read: as its command's entry says; an answer that is none has failed. */
const answeredBy = (answer: Answer, { outstanding }: MailboxState, ocpp: OcppVersion): Answered => {
  if (answer.kind === 'unreadable') return { state: 'Failed', reason: answer.reason };
  const kind = commandsOf(ocpp).get(outstanding?.command.action ?? '');
  const { result, status, reason } =
    kind === undefined
      ? { result: 'Failed' as const, status: undefined, reason: 'No such command' }
      : outcomeOf(kind, answer);
  const told = [status, reason].filter((word) => word !== undefined).join(': ');
  return { state: result, reply: jsonOf(answer), ...omitUndefined({ reason: told === '' ? undefined : told }) };
};

/** Mailboxes from which this environment put a call on the wire: as many as one function talks to at a time. */
const REMEMBERED = 500;

/**
 * Settles the call that a frame answers, with one read and one guarded write. Undefined for a frame that answers nothing
 * that is outstanding: an answer that came too late, twice, or out of nothing.
 * `route` is the connection the frame came by, where an answer can be put on it: the next call is returned then, and sent
 * here otherwise. The answer to such a call finds the mailbox as it was left with it: that saves the read, and whoever wrote
 * meanwhile is found by the guard of the write.
 */
export const settleReply = (ports: MailboxPorts): SettleReply => {
  const left = boundedCache<string, MailboxState>(REMEMBERED);

  const mailboxOf = async (stationId: string, messageId: string): Promise<MailboxState> => {
    const remembered = left.get(stationId);
    left.delete(stationId);
    return remembered?.outstanding?.messageId === messageId ? remembered : ports.mailboxes.load(stationId);
  };

  return async (stationId, answer, ocpp, route) => {
    const { id: messageId } = answer;
    if (messageId === undefined) return undefined;
    const step = await stepMailbox(ports, stationId, {
      read: route
        ? async () => ({ mailbox: await mailboxOf(stationId, messageId), connection: route })
        : readWithContact(ports, stationId),
      event: ({ mailbox }) =>
        mailbox.outstanding?.messageId === messageId
          ? { type: 'replied', messageId, answered: answeredBy(answer, mailbox, ocpp) }
          : undefined,
    });
    const commandId = step.records.find((record) => record.messageId === messageId)?.command.commandId;
    if (commandId === undefined) return undefined;
    if (route === undefined) {
      await dispatch(ports, stationId, step);
      return { commandId };
    }
    if (step.send !== undefined) left.set(stationId, step.state);
    return { commandId, ...omitUndefined({ next: step.send && frameOf(step.send) }) };
  };
};
