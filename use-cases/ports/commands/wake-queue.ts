import type { OcppVersion } from '../../../ocpp/frames/envelope.ts';
import type { BusEvent } from './bus-event.ts';

/** A station whose mailbox is to be looked at, because time will have changed something in it. */
export type WakeUp = {
  readonly stationId: string;
  /** When, ms since the epoch. */
  readonly dueAt: number;
};

/** What a station said that may answer a command, and that nobody could hold against its mailbox yet. */
export type UnsettledReply = {
  readonly stationId: string;
  readonly ocpp: OcppVersion;
  readonly frame: string;
  /** ms since the epoch. */
  readonly receivedAt: number;
};

/** A request of the bus that could not be taken yet: its station's mailbox is out of reach. */
export type HeldRequest = Pick<BusEvent, 'source' | 'account' | 'detail'> & {
  /** When it was first tried to take it, ms since the epoch. */
  readonly heldSince: number;
};

/** Messages that arrive at an instant: at most 15 minutes ahead, so that one for later comes early and is sent on. */
export type WakeQueue = {
  /** Throws when one of them is not in the queue. */
  readonly schedule: (wakeUps: readonly WakeUp[]) => Promise<void>;
  /** Queues an answer that is to be settled, now or at an instant (ms since the epoch). Throws when it is not in the queue. */
  readonly settle: (reply: UnsettledReply, dueAt?: number) => Promise<void>;
  /** Queues a request that is to be tried again at an instant (ms since the epoch). Throws when it is not in the queue. */
  readonly hold: (request: HeldRequest, dueAt: number) => Promise<void>;
};
