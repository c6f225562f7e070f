import { NodeHttpHandler } from '@smithy/node-http-handler';

/** How long a call of a service may take, and how often it is tried. Left to itself the SDK waits for an answer for ever. */
export type CallPolicy = {
  /** Attempts altogether, waits between them up to a second included by the SDK. */
  readonly attempts: number;
  readonly connectMs: number;
  /** From the request to the answer, of one attempt. */
  readonly requestMs: number;
  /** Requests on their way at a time; 50, the SDK's own, if left out. More wait for a socket, which counts as connecting. */
  readonly sockets?: number;
};

export const callPolicies = {
  /** On the way of a charger's message: the charger waits, and without a table it is answered all the same. */
  message: { attempts: 2, connectMs: 1_000, requestMs: 1_000 },
  /** Keeping what a charger said: what is not kept is not answered with success, so a little more is tried. */
  keeping: { attempts: 3, connectMs: 1_000, requestMs: 1_500 },
  /** Commands to chargers: a request that is repeated because its answer got lost would put the call on the wire twice. */
  sending: { attempts: 1, connectMs: 1_000, requestMs: 3_000 },
  /** Consumers of streams, which wait for a service that is out by themselves. */
  consumer: { attempts: 2, connectMs: 1_000, requestMs: 2_000 },
  /**
   * A segment of the fleet being swept by a function of its own: a second attempt would come into the first. All segments at
   * once, however many there are: each lasts for seconds.
   */
  sweeping: { attempts: 1, connectMs: 1_000, requestMs: 50_000, sockets: Number.POSITIVE_INFINITY },
  /** Whoever asks the API waits. */
  query: { attempts: 2, connectMs: 1_000, requestMs: 8_000 },
  /** Objects and batches: their size takes its time. */
  upload: { attempts: 2, connectMs: 1_000, requestMs: 8_000 },
  /** Command-line tools, run by a person who would rather wait. */
  operator: { attempts: 5, connectMs: 5_000, requestMs: 30_000 },
} as const satisfies Record<string, CallPolicy>;

/** A policy as the configuration of an SDK client; HTTP/1.1, which every endpoint speaks. */
export const clientConfig = ({ attempts, connectMs, requestMs, sockets }: CallPolicy) => ({
  maxAttempts: attempts,
  requestHandler: new NodeHttpHandler({
    connectionTimeout: connectMs,
    requestTimeout: requestMs,
    throwOnRequestTimeout: true,
    ...(sockets !== undefined && { httpAgent: { maxSockets: sockets }, httpsAgent: { maxSockets: sockets } }),
  }),
});
