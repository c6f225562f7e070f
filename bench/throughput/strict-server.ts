import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
// The class its server makes for each socket; the package exports the server only.
const ServerClient = require('ocpp-rpc/lib/server-client.js') as new (
  options: object,
  socket: object,
) => { handle: (method: string, handler: () => object) => void };

/** A socket without a network: frames are handed to it, and whoever waits hears of the answer. */
class SocketInMemory extends EventEmitter {
  readonly protocol = 'ocpp1.6';
  readonly readyState = 1;
  answered: () => void = () => undefined;
  send(): void {
    this.answered();
  }
}

const options = {
  ...{ identity: 'CP', strictMode: true, protocols: ['ocpp1.6'], reconnect: false },
  ...{ pingIntervalMs: 0, callConcurrency: 1, maxBadMessages: 0 },
};

/** The strict server of `ocpp-rpc` on a socket in memory, which answers meter values; takes a frame until it is answered. */
export const strictServer = async (): Promise<(frame: string) => Promise<void>> => {
  const socket = new SocketInMemory();
  new ServerClient(options, { ws: socket, session: {}, handshake: {} }).handle('MeterValues', () => ({}));
  // It begins to listen a tick later.
  await new Promise((resolve) => setImmediate(resolve));
  return (frame) =>
    new Promise((resolve) => {
      socket.answered = resolve;
      socket.emit('message', Buffer.from(frame), false);
    });
};
