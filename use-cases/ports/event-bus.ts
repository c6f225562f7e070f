import type { PublishedEvent } from '../../domain/events/event.ts';

export type EventBus = {
  /**
   * Puts events on the bus. Resolves when all are there; throws EventsNotPut with those that are not. Order is not kept.
   * Repeating it is harmless: subscribers dedupe on `detail.id`.
   */
  readonly put: (events: readonly PublishedEvent[]) => Promise<void>;
};
