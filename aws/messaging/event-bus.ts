import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { PublishedEvent } from '../../domain/events/event.ts';
import type { EventBus } from '../../use-cases/ports/event-bus.ts';

/** Some events are not on the bus, and their records are to be retried. */
export class EventsNotPut extends Error {
  override readonly name = 'EventsNotPut';
  readonly events: readonly PublishedEvent[];
  constructor(events: readonly PublishedEvent[], options?: ErrorOptions) {
    super(`${events.length} events could not be put on the bus`, options);
    this.events = events;
  }
}

const ENTRIES_PER_REQUEST = 10;
/** PutEvents takes 256 KiB per request; entries are counted with a margin for their names. */
const BYTES_PER_REQUEST = 240 * 1024;
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 50;

const SOURCE = 'wattstream';

type Sized = { readonly event: PublishedEvent; readonly entry: PutEventsRequestEntry; readonly bytes: number };
type Pause = (ms: number) => Promise<void>;

const sized = (busName: string, event: PublishedEvent): Sized => {
  const Detail = JSON.stringify(event.detail);
  const entry = { EventBusName: busName, Source: SOURCE, DetailType: event.type, Time: new Date(event.at), Detail };
  return { event, entry, bytes: Buffer.byteLength(Detail) + event.type.length + SOURCE.length + 32 };
};

/** At most ten entries and 240 KiB each. */
const batches = (all: readonly Sized[]): readonly (readonly Sized[])[] => {
  const found: Sized[][] = [];
  let bytes = 0;
  for (const one of all) {
    const last = found.at(-1);
    if (!last || last.length === ENTRIES_PER_REQUEST || bytes + one.bytes > BYTES_PER_REQUEST) {
      found.push([one]);
      bytes = one.bytes;
    } else {
      last.push(one);
      bytes += one.bytes;
    }
  }
  return found;
};

/** The bus behind a client; `pause` waits between attempts. */
export const eventBus = (
  busName: string,
  client: Pick<EventBridgeClient, 'send'> = new EventBridgeClient({}),
  pause: Pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): EventBus => {
  /** What of this batch did not get through. PutEvents answers 200 even when single entries failed. */
  const failedOf = async (batch: readonly Sized[]): Promise<readonly Sized[]> => {
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: batch.map(({ entry }) => entry) }));
    return batch.filter((_, index) => Entries[index]?.EventId === undefined);
  };

  const putBatch = async (batch: readonly Sized[]): Promise<readonly PublishedEvent[]> => {
    let pending = batch;
    for (let attempt = 0; attempt < ATTEMPTS && pending.length > 0; attempt += 1) {
      if (attempt > 0) await pause(FIRST_PAUSE_MS * 2 ** attempt);
      pending = await failedOf(pending);
    }
    return pending.map(({ event }) => event);
  };

  return {
    put: async (events) => {
      const outcomes = await Promise.allSettled(batches(events.map((event) => sized(busName, event))).map(putBatch));
      const thrown = outcomes.filter((outcome) => outcome.status === 'rejected');
      const failed = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
      if (failed.length > 0 || thrown.length > 0)
        throw new EventsNotPut(thrown.length > 0 ? events : failed, { cause: thrown[0]?.reason });
    },
  };
};
