import type { Payload } from '../../../ocpp/payload.ts';
import type { Clock } from '../../clock.ts';
import type { Traffic } from '../../traffic.ts';
import type { Call } from './message-queue.ts';

/** How a station answers a call of the CSMS. */
export type CommandReply =
  | { readonly kind: 'result'; readonly payload: Payload }
  | { readonly kind: 'error'; readonly code: string; readonly description: string }
  /** An answer to the call that is not one OCPP allows. */
  | { readonly kind: 'garbage' }
  | { readonly kind: 'none' };

export type ConnectionOptions = {
  /** Where the CSMS is: `ws://host:port/ocpp`, without the station id, or `mqtt://host:port`. */
  readonly url: string;
  readonly stationId: string;
  readonly password: string;
  readonly protocol: 'ocpp1.6' | 'ocpp2.0.1';
  /** Validate every message, both ways, against the official schemas, where the transport can. */
  readonly strict: boolean;
  readonly traffic: Traffic;
  readonly callTimeoutMs?: number;
  readonly clock: Clock;
  /** A CALL of the CSMS. */
  readonly commanded: (action: string, payload: Payload) => Promise<CommandReply>;
  readonly opened: () => void;
  readonly closed: () => void;
  /** Failed attempts to connect, for the log. */
  readonly failed: (error: Error) => void;
  /** Uniform in [0, 1): jitter of the reconnect back-off. */
  readonly jitter: () => number;
};

/** A station's line to its CSMS, kept up until it is closed on purpose. */
export type Connection = {
  readonly open: () => void;
  /** Closes and stays closed. Abruptly: no closing handshake, as when the mobile network goes. */
  readonly close: (abruptly: boolean) => Promise<void>;
  /** Makes a call; throws CallFailed. */
  readonly call: Call;
  readonly isOpen: () => boolean;
};

/** A way to reach a CSMS: a WebSocket, MQTT, or a CSMS in this process. */
export type Transport = (options: ConnectionOptions) => Connection;

export const CALL_TIMEOUT_MS = 30_000;

/** The text of a reply; undefined where there is none. Of a result it is made by whoever checks it. */
export const replyText = (messageId: string, reply: CommandReply): string | undefined => {
  switch (reply.kind) {
    case 'result':
      return JSON.stringify([3, messageId, reply.payload]);
    case 'error':
      return JSON.stringify([4, messageId, reply.code, reply.description, {}]);
    case 'garbage':
      return JSON.stringify([3, messageId, ['neither', 'yes', 'nor', 'no']]);
    case 'none':
      return undefined;
  }
};
