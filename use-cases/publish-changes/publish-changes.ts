import { boundedCache } from '../../async/bounded-cache.ts';
import { type Failure, SomeFailed } from '../../async/settle.ts';
import { alertEvents } from '../../domain/events/alert-events.ts';
import { connectorEvents } from '../../domain/events/connector-events.ts';
import type { PublishedEvent } from '../../domain/events/published-event.ts';
import { signalEvents } from '../../domain/events/signal-events.ts';
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
    case 'signal':
      return signalEvents(change.after);
  }
};

/** More events than a batch makes: what comes again is the batch before. */
const REMEMBERED = 2_000;

/**
 * Puts the events of a batch on the bus. Throws SomeFailed with the changes that have an event which is not there. What was
 * put is remembered: changes that come again for another reason do not repeat it.
 */
export const publishChanges = (bus: EventBus) => {
  const told = boundedCache<string, true>(REMEMBERED);

  return async (changes: readonly ItemChange[]): Promise<void> => {
    const failures: Failure<ItemChange>[] = [];
    const changeOf = new Map<PublishedEvent, ItemChange>();
    for (const change of changes) {
      try {
        for (const event of eventsOf(change)) if (!told.has(event.detail.id)) changeOf.set(event, change);
      } catch (error) {
        failures.push({ item: change, error });
      }
    }
    const events = [...changeOf.keys()];
    const notPut = events.length === 0 ? [] : await bus.put(events);
    const errors = new Map(notPut.map(({ item, error }) => [item, error]));
    for (const event of events) if (!errors.has(event)) told.set(event.detail.id, true);
    for (const [event, error] of errors) {
      const item = changeOf.get(event);
      if (item !== undefined) failures.push({ item, error });
    }
    if (failures.length > 0) throw new SomeFailed(failures, `${failures.length} changes were not published`);
  };
};
