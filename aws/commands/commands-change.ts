import { Rejected } from '../../domain/kernel/rejected.ts';
import type { CommandsChange } from '../../use-cases/ports/commands/commands-change.ts';
import type { TableChange } from '../../use-cases/ports/table-change.ts';
import { commandsItem } from './mailbox-store.ts';

/** Reads a change of table commands; undefined for a command's history that removed itself. */
export const commandsChange = ({ key, item, before }: TableChange): CommandsChange | undefined => {
  if (item === undefined) return undefined;
  const after = commandsItem(item);
  const earlier = before && commandsItem(before);
  const { stationId } = after;
  if (after.kind === 'mailbox' && earlier?.kind !== 'record')
    return { kind: 'mailbox', stationId, before: earlier?.mailbox, after: after.mailbox };
  if (after.kind === 'record' && earlier?.kind !== 'mailbox')
    return { kind: 'record', stationId, before: earlier?.record, after: after.record };
  throw new Rejected(`The change of ${key} cannot be read`);
};
