import type { CommandsChange } from '../../use-cases/ports/commands/commands-change.ts';
import type { MailboxStore, MailboxWrite } from '../../use-cases/ports/commands/mailbox-store.ts';

/** Mailboxes that tell what each write changed, as the change stream of their table does. */
export const toldMailboxes = (
  inner: MailboxStore,
  tell: (stationId: string, changes: readonly CommandsChange[]) => void,
) => {
  const changesOf = async ({ stationId, state, records }: MailboxWrite): Promise<readonly CommandsChange[]> => {
    const before = await inner.load(stationId);
    const ended: CommandsChange[] = [];
    for (const record of records) {
      const known = await inner.find(stationId, record.command.commandId);
      ended.push({ kind: 'record', stationId, before: known, after: record });
    }
    return [{ kind: 'mailbox', stationId, before, after: state }, ...ended];
  };
  return {
    ...inner,
    commit: async (write: MailboxWrite) => {
      const changes = await changesOf(write);
      const written = await inner.commit(write);
      if (written.outcome === 'committed') tell(write.stationId, changes);
      return written;
    },
  };
};
