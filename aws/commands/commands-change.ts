import { Rejected } from '../../domain/kernel/rejected.ts';
import type { CommandsChange } from '../../use-cases/ports/commands/commands-change.ts';
import type { TableChange } from '../../use-cases/ports/table-change.ts';
import { commandsItem } from './commands-item.ts';

/**
 * Reads a record of the change stream of table commands: a mailbox or the record of one command, before and after the write,
 * or an envelope that is held.
 * Undefined for what a request became, of which nothing follows, and for an item that was deleted at the end of its time to live.
 */
export const commandsChange = ({ key, item, before }: TableChange): CommandsChange | undefined => {
  if (item === undefined) return undefined;
  const after = commandsItem(item);
  const earlier = before && commandsItem(before);
  const { stationId } = after;
  if (after.kind === 'request') return undefined;
  if (after.kind === 'held') return after;
  if (after.kind === 'mailbox' && (earlier === undefined || earlier.kind === 'mailbox'))
    return { kind: 'mailbox', stationId, before: earlier?.mailbox, after: after.mailbox };
  if (after.kind === 'record' && (earlier === undefined || earlier.kind === 'record'))
    return { kind: 'record', stationId, before: earlier?.record, after: after.record };
  throw new Rejected(`The change of ${key} cannot be read`);
};
