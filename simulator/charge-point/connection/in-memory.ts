import { reconnection } from './reconnection.ts';
import { rpcEndpoint } from './rpc-endpoint.ts';
import type { ConnectionOptions, Transport } from './transport.ts';

/** The CSMS's end of a line. */
export type StationLine = {
  /** A text from the station. */
  readonly received: (text: string) => void;
  /** The station is gone. */
  readonly closed: () => void;
};

/** What a CSMS in this process may do with a station that has connected. */
export type ConnectedStation = Pick<ConnectionOptions, 'stationId' | 'password' | 'protocol'> & {
  readonly send: (text: string) => void;
  /** Closes the line from the CSMS's side. */
  readonly close: () => void;
};

/** A CSMS in this process. `connect` throws to turn a station away. */
export type InMemoryCsms = { readonly connect: (station: ConnectedStation) => Promise<StationLine> };

/**
 * Lines to a CSMS in this process: no sockets, and every text takes `latencyMs` of the station's clock. With a virtual clock
 * and a CSMS that uses no other, a run is the same every time.
 */
export const inMemory =
  (csms: InMemoryCsms, latencyMs: () => number = () => 1): Transport =>
  (options) => {
    const { clock, stationId, password, protocol } = options;
    let line: StationLine | undefined;
    /** When the last text of each direction arrives: a line keeps texts in order, however long each takes. */
    const arrival = { up: 0, down: 0 };
    const deliver = (way: 'up' | 'down', run: () => void) => {
      arrival[way] = Math.max(arrival[way], clock.now() + latencyMs());
      clock.after(arrival[way] - clock.now(), run);
    };
    const endpoint = rpcEndpoint(options, (text) => {
      const to = line;
      if (to === undefined) return false;
      deliver('up', () => to === line && to.received(text));
      return true;
    });
    const drop = (of: StationLine | undefined) => {
      if (of === undefined || of !== line) return;
      line = undefined;
      endpoint.lost();
      of.closed();
      options.closed();
      keeper.lost();
    };
    const keeper = reconnection(options, async () => {
      let opened: StationLine | undefined;
      opened = await csms.connect({
        stationId,
        password,
        protocol,
        send: (text) => deliver('down', () => opened === line && endpoint.received(text)),
        close: () => deliver('down', () => drop(opened)),
      });
      if (!keeper.isWanted()) return opened.closed();
      line = opened;
      options.opened();
    });
    return {
      open: keeper.open,
      close: async () => {
        keeper.close();
        drop(line);
      },
      call: endpoint.call,
      isOpen: () => line !== undefined,
    };
  };
