import { afterAll } from 'vitest';
import { type Journal, openJournal } from '../../local/journal.ts';

const opened: Pick<Journal<never>, 'close'>[] = [];
afterAll(async () => {
  for (const journal of opened) await journal.close();
});

/** Opens a journal that a test leaves open, as a killed process does; it is closed after the tests of the file. */
export const journalClosedAtEnd = async <Entry>(
  ...parameters: Parameters<typeof openJournal<Entry>>
): Promise<Journal<Entry>> => {
  const journal = await openJournal<Entry>(...parameters);
  opened.push(journal);
  return journal;
};
