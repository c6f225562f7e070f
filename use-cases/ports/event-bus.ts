import type { Failure } from '../../async/settle.ts';
import type { PublishedEvent } from '../../domain/events/published-event.ts';

export type EventBus = {
  /**
   * Puts events on the bus, in no order, and tells which are not there and why. Repeating it is harmless: subscribers dedupe
   * on `detail.id`.
   */
  readonly put: (events: readonly PublishedEvent[]) => Promise<readonly Failure<PublishedEvent>[]>;
};
