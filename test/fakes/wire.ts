import type { CommandSender } from '../../use-cases/ports/commands/command-sender.ts';
import type { StationConnection } from '../../use-cases/ports/commands/mailbox-store.ts';

export type OnWire = { readonly stationId: string; readonly connectionId: string; readonly frame: string };

/** The wire to the stations: what was put on it, over connections that are open. */
export type FakeWire = CommandSender & {
  readonly sent: OnWire[];
  /** Ids of connections that are closed. */
  readonly gone: Set<string>;
  /** Makes the next sending end in a failure that leaves open whether the frame arrived. */
  fail: boolean;
  /** How many of the next frames are not taken for the sake of their rate. */
  busyFor: number;
};

export const fakeWire = (): FakeWire => {
  const wire: FakeWire = {
    sent: [],
    gone: new Set(),
    fail: false,
    busyFor: 0,
    send: async (stationId: string, { connectionId }: StationConnection, frame: string) => {
      if (wire.gone.has(connectionId)) return 'gone';
      if (wire.busyFor > 0) {
        wire.busyFor -= 1;
        return 'busy';
      }
      wire.sent.push({ stationId, connectionId, frame });
      if (wire.fail) throw new Error('No answer from the connection');
      return 'sent';
    },
  };
  return wire;
};

/** The message id of a frame. */
export const messageIdOf = (frame: string): string => String(JSON.parse(frame)[1]);
