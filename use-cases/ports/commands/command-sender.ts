import type { StationConnection } from './mailbox-store.ts';

/**
 * Puts frames on the wire, at most once: whoever sends never tries again.
 * 'gone': the connection is closed, and the frame certainly did not arrive. Throws when nobody can say whether it did.
 */
export type CommandSender = {
  readonly send: (stationId: string, connection: StationConnection, frame: string) => Promise<'sent' | 'gone'>;
};
