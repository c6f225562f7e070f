import type { CommandRecord } from '../../domain/commands/command.ts';
import { emptyMailbox, type MailboxState } from '../../domain/commands/mailbox-state.ts';
import type { Envelope } from '../../ocpp/frames/envelope.ts';
import type { RefusedRequest } from '../../use-cases/ports/commands/mailbox-store.ts';

/** Sort key of a mailbox: sorts after the ids of all commands, which begin with a digit. */
export const MAILBOX = 'mailbox';
/** Begins the sort keys of requests that have a name: they sort after the mailbox. */
export const REQUEST = 'request-';
/** Begins the sort keys of envelopes that the stream did not take: they sort after the mailbox, too. */
export const HELD = 'to-stream-';

export type Item = Readonly<Record<string, unknown>>;

// Items of this table have one writer: what it wrote is what comes back.
/** The mailbox of its item; an empty one without an item. */
export const mailboxOf = (item: Item | undefined): MailboxState =>
  item === undefined ? emptyMailbox : (item.mailbox as MailboxState);

/** The record of a command, of its item. */
export const recordOf = (item: Item): CommandRecord => item.record as CommandRecord;

/** What a request of some name became: a command, or refused. */
export type RequestItem = { readonly commandId?: string; readonly refused?: RefusedRequest };

/** An item of table commands: a mailbox, the record of one command, what a request became, or an envelope that is held. */
export type CommandsItem =
  | { readonly kind: 'mailbox'; readonly stationId: string; readonly mailbox: MailboxState }
  | { readonly kind: 'record'; readonly stationId: string; readonly record: CommandRecord }
  | { readonly kind: 'request'; readonly stationId: string }
  | { readonly kind: 'held'; readonly stationId: string; readonly envelope: Envelope };

/** Reads an item of table commands. */
export const commandsItem = (item: Item): CommandsItem => {
  const stationId = String(item.stationId);
  if (item.entry === MAILBOX) return { kind: 'mailbox', stationId, mailbox: mailboxOf(item) };
  const entry = String(item.entry);
  if (entry.startsWith(REQUEST)) return { kind: 'request', stationId };
  if (entry.startsWith(HELD)) return { kind: 'held', stationId, envelope: JSON.parse(String(item.envelope)) };
  return { kind: 'record', stationId, record: recordOf(item) };
};
