import { type AttributeValue, type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { MailboxOutcome } from '../../use-cases/ports/commands/mailbox-store.ts';
import { mailboxOf, type RequestItem } from './commands-item.ts';

/** The request whose item stood in the way of a write. */
export const requestOf = (item: Record<string, AttributeValue> | undefined): RequestItem =>
  item ? unmarshall(item) : {};

/** The conflict with a mailbox, which the service tells where it has refused the write for it. */
export const conflictWith = (item: Record<string, AttributeValue> | undefined): MailboxOutcome =>
  item === undefined ? { outcome: 'conflict' } : { outcome: 'conflict', found: mailboxOf(unmarshall(item)) };

/** The service took nothing: for the sake of an item, or because all of them together have more than 4 MB. */
export const isRefused = (error: unknown): boolean =>
  error instanceof TransactionCanceledException || (error instanceof Error && error.name === 'ValidationException');

/** How one write of a transaction that was cancelled stands, by the reasons that are told of its items; undefined: it is not to blame. */
export const refusedWrite = (reasons: readonly CancellationReason[]): MailboxOutcome | undefined => {
  const [ofMailbox] = reasons;
  if (ofMailbox?.Code === 'ConditionalCheckFailed') return conflictWith(ofMailbox.Item);
  if (reasons.some(({ Code }) => Code === 'TransactionConflict')) return { outcome: 'conflict' };
  const present = reasons.filter(({ Code }) => Code === 'ConditionalCheckFailed');
  if (present.length === 0) return undefined;
  const of = present.map(({ Item }) => requestOf(Item).commandId).find((commandId) => commandId !== undefined);
  return { outcome: 'duplicate', ...omitUndefined({ of }) };
};
