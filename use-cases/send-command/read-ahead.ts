import type { MailboxStore, MailboxWithContact } from '../ports/commands/mailbox-store.ts';

/**
 * Mailboxes of which the first read of each station is answered from what was read of many at once. Whoever wrote meanwhile is
 * found by the guard of the write, and read anew.
 */
export const readAhead = <Store extends Pick<MailboxStore, 'loadWithContact'>>(
  mailboxes: Store,
  read: ReadonlyMap<string, MailboxWithContact>,
): Store => {
  const unused = new Map(read);
  return {
    ...mailboxes,
    loadWithContact: async (stationId: string) => {
      const found = unused.get(stationId);
      unused.delete(stationId);
      return found ?? mailboxes.loadWithContact(stationId);
    },
  };
};
