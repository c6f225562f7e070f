import type { System } from '../../async/system.ts';
import { type CommandRecord, isFinal } from '../../domain/commands/command.ts';
import type { MailboxStore } from '../ports/commands/mailbox-store.ts';

export type AwaitPorts = { readonly mailboxes: Pick<MailboxStore, 'find'>; readonly system: System };

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/**
 * How a command stands once it has ended, or when `forMs` have passed; undefined for a command there is none of. Looks
 * again after pauses that grow.
 */
export const awaitCommand =
  ({ mailboxes, system }: AwaitPorts) =>
  async (stationId: string, commandId: string, forMs: number): Promise<CommandRecord | undefined> => {
    const until = system.clock() + forMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs)) {
      const record = await mailboxes.find(stationId, commandId);
      if (record === undefined || isFinal(record.state) || system.clock() + pauseMs > until) return record;
      await system.sleep(pauseMs);
    }
  };
