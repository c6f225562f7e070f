import { type FinalCommandState, finalCommandStates } from '../kernel/ended-command.ts';
import { iso } from '../kernel/iso.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { unreachable } from '../kernel/unreachable.ts';
import type { EventType } from './published-event.ts';

type CommandEventType = Extract<EventType, `Command${string}`>;

const typeOf = (state: FinalCommandState): CommandEventType | undefined => {
  switch (state) {
    case 'Accepted':
      return 'CommandAccepted';
    case 'Rejected':
    case 'NotSupported':
    case 'Failed':
      return 'CommandRejected';
    case 'TimedOut':
    case 'Unknown':
      return 'CommandTimedOut';
    case 'Expired':
      return 'CommandExpired';
    case 'Superseded':
      return undefined; // the newer decision has an event of its own
    default:
      return unreachable(state);
  }
};

/** Of commands of our own loops only those are told that were not carried out. */
const failures: readonly CommandEventType[] = ['CommandRejected', 'CommandTimedOut'];

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const instant = (value: unknown): string | undefined => (typeof value === 'number' ? iso(value) : undefined);

/** The event of a command that has ended, from what is recorded of it; undefined for one nobody is told of. */
export const commandEvent = (
  detail: Readonly<Record<string, unknown>>,
): { readonly type: CommandEventType; readonly fields: Readonly<Record<string, unknown>> } | undefined => {
  const state = finalCommandStates.find((known) => known === detail.state);
  const type = state && typeOf(state);
  if (type === undefined || (detail.origin === 'internal' && !failures.includes(type))) return undefined;
  const { commandId, action, by } = detail;
  return {
    type,
    fields: {
      commandId,
      action,
      state,
      by,
      requestedAt: instant(detail.requestedAt),
      ...omitUndefined({
        why: text(detail.why),
        requestId: text(detail.requestId),
        sentAt: instant(detail.sentAt),
        reason: text(detail.reason),
        payload: text(detail.payload),
        reply: text(detail.reply),
      }),
    },
  };
};
