import type { StationConnection } from './mailbox-store.ts';

/**
 * Puts frames on the wire, at most once: whoever sends never tries again what may have been sent.
 * 'gone': the connection is closed, and the frame certainly did not arrive. 'busy': the service takes no more at the moment,
 * and did not take this one. Throws when nobody can say whether it arrived.
 */
export type CommandSender = {
  readonly send: (stationId: string, connection: StationConnection, frame: string) => Promise<'sent' | 'gone' | 'busy'>;
};
