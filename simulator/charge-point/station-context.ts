import type { Random } from '../random.ts';
import type { Dialect, Identity, Said } from './dialect.ts';
import type { Payload } from './message-queue.ts';
import type { Plug, Reason, Status } from './simulated-connector.ts';

/** What the plugs of a station share. */
export type Scene = {
  readonly identity: Identity;
  readonly dialect: Dialect;
  readonly chance: Random;
  /** How much faster than life cars come and go. Meters and power stay in real time. */
  readonly rate: number;
  readonly sampleMs: number;
  readonly tags: readonly [string, ...string[]];
  /** Some meters start every transaction at zero. */
  readonly sessionRegister: boolean;
  readonly now: () => number;
  /** Resolves after this time, or when the plug is woken; never again once the station has gone quiet. */
  readonly pause: (plug: Plug, forMs: number) => Promise<void>;
  /** Says something about a transaction: kept, and retried until it is answered. */
  readonly transact: (said: Said, answered: (answer: Payload) => void) => void;
  /** Asks and waits for the answer; undefined when there is none (offline). */
  readonly ask: (said: Said) => Promise<Payload | undefined>;
  readonly setStatus: (plug: Plug, status: Status, errorCode?: string) => void;
  readonly sessionEnded: (session: EndedTruth) => void;
};

/** A session as the station knows it to have been. */
export type EndedTruth = {
  readonly evseId: number;
  readonly connectorId: number;
  readonly transactionId: string;
  readonly tag: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly energyWh: number;
  readonly reason: Reason;
};
