import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import pMap from 'p-map';
import type { Failure } from '../../async/settle.ts';
import type { PublishedEvent } from '../../domain/events/published-event.ts';
import type { EventBus } from '../../use-cases/ports/event-bus.ts';
import { callPolicies } from '../call-policy.ts';
import { type OpenClient, openPatiently } from '../open-client.ts';

/** The bus did not take one event; `name` is the code it gave, such as ThrottlingException or InternalFailure. */
class EventNotPut extends Error {
  constructor(code: string, message: string) {
    super(message);
    this.name = code;
  }
}

const ENTRIES_PER_REQUEST = 10;
/** PutEvents takes 256 KiB per request; entries are counted with a margin for their names. */
const BYTES_PER_REQUEST = 240 * 1024;
const REQUESTS_AT_ONCE = 8;

const SOURCE = 'wattstream';

type Sized = { readonly event: PublishedEvent; readonly entry: PutEventsRequestEntry; readonly bytes: number };

/**
 * An entry leaves out `Time`, so EventBridge sets it to when it took the event: a replay of the archive selects by it, and must
 * find what came in during a subscriber's outage, however old it was. When it happened stands in `detail.time`.
 */
const sized = (busName: string, event: PublishedEvent): Sized => {
  const Detail = JSON.stringify(event.detail);
  const entry = { EventBusName: busName, Source: SOURCE, DetailType: event.type, Detail };
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
export const eventBus = (busName: string, open: OpenClient = openPatiently): EventBus => {
  const client = open(EventBridgeClient, callPolicies.consumer);
  /** What of a batch did not get through. PutEvents answers 200 even when single entries failed. */
  const putBatch = async (batch: readonly Sized[]): Promise<readonly Failure<PublishedEvent>[]> => {
    try {
      const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: batch.map(({ entry }) => entry) }));
      return batch.flatMap(({ event }, index) => {
        const {
          EventId,
          ErrorCode = 'InternalFailure',
          ErrorMessage = 'The bus gave no reason',
        } = Entries[index] ?? {};
        return EventId === undefined ? [{ item: event, error: new EventNotPut(ErrorCode, ErrorMessage) }] : [];
      });
    } catch (error) {
      return batch.map(({ event }) => ({ item: event, error }));
    }
  };

  return {
    put: async (events) => {
      const all = batches(events.map((event) => sized(busName, event)));
      return (await pMap(all, putBatch, { concurrency: REQUESTS_AT_ONCE })).flat();
    },
  };
};
