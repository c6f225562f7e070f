import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { type RetryPolicy, retry } from '../../async/retry.ts';
import type { System } from '../../async/system.ts';
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
const untilPut: RetryPolicy = {
  isTransient: (error) => error instanceof EventsNotPut,
  attempts: 4,
  firstMs: 100,
  longestMs: 1_000,
};

const SOURCE = 'wattstream';

type Sized = { readonly event: PublishedEvent; readonly entry: PutEventsRequestEntry; readonly bytes: number };

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

/** The bus behind a client. */
export const eventBus = (
  busName: string,
  system: System,
  client: Pick<EventBridgeClient, 'send'> = new EventBridgeClient({}),
): EventBus => {
  /** What of this batch did not get through. PutEvents answers 200 even when single entries failed. */
  const failedOf = async (batch: readonly Sized[]): Promise<readonly Sized[]> => {
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: batch.map(({ entry }) => entry) }));
    return batch.filter((_, index) => Entries[index]?.EventId === undefined);
  };

  const putBatch = async (batch: readonly Sized[]): Promise<void> => {
    let pending = batch;
    const putPending = async (): Promise<void> => {
      pending = await failedOf(pending);
      if (pending.length > 0) throw new EventsNotPut(pending.map(({ event }) => event));
    };
    await retry(putPending, untilPut, system);
  };

  return {
    put: async (events) => {
      const outcomes = await Promise.allSettled(batches(events.map((event) => sized(busName, event))).map(putBatch));
      const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
      const [other] = reasons.filter((reason) => !(reason instanceof EventsNotPut));
      if (other !== undefined) throw new EventsNotPut(events, { cause: other });
      const failed = reasons.flatMap((reason) => (reason instanceof EventsNotPut ? reason.events : []));
      if (failed.length > 0) throw new EventsNotPut(failed);
    },
  };
};
