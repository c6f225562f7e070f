/** A station whose mailbox is to be looked at, because time will have changed something in it. */
export type WakeUp = {
  readonly stationId: string;
  /** When, ms since the epoch. */
  readonly dueAt: number;
};

/** Messages that arrive at an instant: at most 15 minutes ahead, so that one for later comes early and is sent on. */
export type WakeQueue = {
  /** Throws when one of them is not in the queue. */
  readonly schedule: (wakeUps: readonly WakeUp[]) => Promise<void>;
};
