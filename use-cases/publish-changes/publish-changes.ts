import { alertEvents } from '../../domain/events/alert-events.ts';
import { connectorEvents } from '../../domain/events/connector-events.ts';
import type { PublishedEvent } from '../../domain/events/event.ts';
import { stationEvents } from '../../domain/events/station-events.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { ItemChange } from '../ports/item-change.ts';

/** The events of one change record: a function of its two images alone, so that a redelivered record makes the same ones. */
export const eventsOf = (change: ItemChange): readonly PublishedEvent[] => {
  switch (change.kind) {
    case 'connector':
      return connectorEvents(change.before, change.after);
    case 'station':
      return stationEvents(
        change.after.stationId,
        change.changes,
        change.after.registration ?? change.before?.registration,
      );
    case 'alert':
      return alertEvents(change.after);
  }
};

/** Puts the events of a batch on the bus. Throws when one of them is not there: the whole batch is to come again. */
export const publishChanges =
  (bus: EventBus) =>
  async (changes: readonly ItemChange[]): Promise<void> => {
    const events = changes.flatMap(eventsOf);
    if (events.length > 0) await bus.put(events);
  };
