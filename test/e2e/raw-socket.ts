import { WebSocket } from 'ws';

/** A socket that says what it is told to and writes down what comes back. */
export type RawSocket = {
  readonly send: (frame: string | Buffer) => void;
  /** Sends one message in several frames. */
  readonly sendInFrames: (message: string, frameLength: number) => void;
  /** The next frame that has not been taken yet. */
  readonly next: () => Promise<unknown>;
  /** Frames that came and were not taken. */
  readonly rest: () => readonly unknown[];
  readonly closed: Promise<number>;
  readonly protocol: string;
  readonly terminate: () => void;
};

export type Presented = {
  /** With the station id, as it stands in the request line. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly protocols?: readonly string[];
};

/** Opens a socket; throws the HTTP status of a refused handshake as an Error's message. */
export const rawSocket = ({ url, user, password, protocols = ['ocpp1.6'] }: Presented): Promise<RawSocket> =>
  new Promise((resolve, reject) => {
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const socket = new WebSocket(url, [...protocols], { headers: { authorization } });
    const frames: unknown[] = [];
    const waiting: ((frame: unknown) => void)[] = [];
    socket.on('message', (data) => {
      const frame: unknown = JSON.parse(String(data));
      const waiter = waiting.shift();
      if (waiter) waiter(frame);
      else frames.push(frame);
    });
    const closed = new Promise<number>((done) => socket.once('close', done));
    socket.once('unexpected-response', (request, response) => {
      request.destroy();
      reject(new Error(String(response.statusCode)));
    });
    socket.once('error', reject);
    socket.once('open', () =>
      resolve({
        send: (frame) => socket.send(frame),
        sendInFrames: (message, frameLength) => {
          for (let start = 0; start < message.length; start += frameLength)
            socket.send(message.slice(start, start + frameLength), { fin: start + frameLength >= message.length });
        },
        next: () => (frames.length > 0 ? Promise.resolve(frames.shift()) : new Promise((take) => waiting.push(take))),
        rest: () => frames,
        closed,
        protocol: socket.protocol,
        terminate: () => socket.terminate(),
      }),
    );
  });
