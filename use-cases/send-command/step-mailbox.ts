import { type RetryPolicy, retry } from '../../async/retry.ts';
import type { System } from '../../async/system.ts';
import { mailbox } from '../../domain/commands/mailbox.ts';
import type { MailboxEvent, MailboxState, MailboxStep, Outgoing } from '../../domain/commands/mailbox-state.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { callText } from '../../ocpp/frames/call-text.ts';
import type { CommandSender } from '../ports/commands/command-sender.ts';
import type { MailboxStore, StationConnection, StationContact } from '../ports/commands/mailbox-store.ts';
import type { SampledWarning } from '../ports/sampled-warning.ts';

export type MailboxPorts = {
  readonly mailboxes: Pick<MailboxStore, 'load' | 'loadWithContact' | 'commit'>;
  readonly sender: CommandSender;
  readonly system: System;
  readonly warn: SampledWarning;
};

/** The mailbox of a station, what is known of the station, and the connection to send on. */
export type MailboxRead = {
  readonly mailbox: MailboxState;
  readonly contact?: StationContact;
  readonly connection?: StationConnection;
};

/** What a step is made of: how the mailbox is read, and what happens to it; no event, no step. */
export type Happening = {
  readonly read: () => Promise<MailboxRead>;
  readonly event: (read: MailboxRead) => MailboxEvent | undefined;
  /** Id of the command that the event brings. */
  readonly created?: string;
  /** What its request is called, where that tells its repeats. */
  readonly requestName?: string;
};

export type TakenStep = MailboxStep & {
  readonly connection?: StationConnection;
  /** The command that was to be created is there already, or its request was refused: nothing was changed. */
  readonly repeats?: { readonly commandId?: string };
};

/** Others wrote the mailbox first, again and again: a failure that passes. */
class MailboxContended extends Error {
  override readonly name = 'MailboxContended';
}

/** Of many who write side by side one gets through at a time: a full queue of them does within these. */
const untilTaken = {
  isTransient: (error: unknown) => error instanceof MailboxContended,
  attempts: 60,
  firstMs: 5,
  longestMs: 200,
};

/** Takes one step of a station's mailbox, from a fresh read as often as others write first. Sends nothing. */
export const stepMailbox = (
  { mailboxes, system }: Pick<MailboxPorts, 'mailboxes' | 'system'>,
  stationId: string,
  { read, event, created, requestName }: Happening,
): Promise<TakenStep> => {
  /** What the last conflict told: one read less. */
  let told: MailboxRead | undefined;
  return retry(
    async () => {
      const found = told ?? (await read());
      told = undefined;
      const { connection } = found;
      const happened = event(found);
      if (happened === undefined) return { state: found.mailbox, records: [] };
      const step = mailbox(found.mailbox, happened, { now: system.clock(), connection });
      if (step.state === found.mailbox) return step;
      const { state, records } = step;
      const readRev = found.mailbox.rev;
      const written = await mailboxes.commit({
        stationId,
        readRev,
        state,
        records,
        ...omitUndefined({ created, requestName }),
      });
      if (written.outcome === 'conflict') {
        told = written.found && { ...found, mailbox: written.found };
        throw new MailboxContended(`The mailbox of ${stationId} changes faster than we write`);
      }
      if (written.outcome === 'duplicate')
        return { state: found.mailbox, records: [], repeats: omitUndefined({ commandId: written.of ?? created }) };
      return { ...step, ...omitUndefined({ connection }) };
    },
    untilTaken,
    system,
  );
};

/** A call was refused for the sake of the rate of calls, and did not go out. */
class SenderBusy extends Error {
  override readonly name = 'SenderBusy';
}

/** Some two seconds: whoever waits for the station has half a minute. */
const untilSent: RetryPolicy = {
  isTransient: (error) => error instanceof SenderBusy,
  attempts: 6,
  firstMs: 100,
  longestMs: 1_000,
};

/** The frame of a call. */
export const frameOf = ({ messageId, action, payload }: Outgoing): string => callText(messageId, action, payload);

/** Reads a mailbox with its station, leaving out a connection that is known to be gone. */
export const readWithContact =
  ({ mailboxes }: Pick<MailboxPorts, 'mailboxes'>, stationId: string, goneId?: string) =>
  async (): Promise<MailboxRead> => {
    const found = await mailboxes.loadWithContact(stationId);
    const open = found.contact?.connection;
    return { ...found, ...omitUndefined({ connection: open?.connectionId === goneId ? undefined : open }) };
  };

/**
 * Puts the call of a step that was taken on the wire; when its connection turns out to be gone, tells the mailbox so and
 * sends what comes next on a newer one. Resolves to the records this made. When nobody can say whether the call arrived,
 * it stays outstanding until its deadline.
 */
export const dispatch = async (
  ports: MailboxPorts,
  stationId: string,
  { send, connection, records }: TakenStep,
): Promise<TakenStep['records']> => {
  if (send === undefined || connection === undefined) return records;
  const put = async (): Promise<'sent' | 'gone'> => {
    const outcome = await ports.sender.send(stationId, connection, frameOf(send));
    if (outcome === 'busy') throw new SenderBusy(`No more calls are taken for ${stationId} at the moment`);
    return outcome;
  };
  try {
    if ((await retry(put, untilSent, ports.system)) === 'sent') return records;
  } catch (error) {
    ports.warn('commandMaybeNotSent', { stationId, messageId: send.messageId, error: String(error) });
    return records;
  }
  const { messageId, connectionId } = send;
  const next = await stepMailbox(ports, stationId, {
    read: readWithContact(ports, stationId, connectionId),
    event: () => ({ type: 'unsent', messageId }),
  });
  return [...records, ...(await dispatch(ports, stationId, next))];
};
