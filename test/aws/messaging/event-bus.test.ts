import type { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { expect, it } from 'vitest';
import { EventsNotPut, eventBus } from '../../../aws/messaging/event-bus.ts';
import type { PublishedEvent } from '../../../domain/events/event.ts';
import { fakeSystem } from '../../fakes/system.ts';

const at = Date.parse('2026-11-20T12:00:00.000Z');
const event = (id: string, padding = ''): PublishedEvent => ({
  type: 'StationConnected',
  at,
  detail: { version: 1, id, time: '2026-11-20T12:00:00.000Z', padding },
});
const events = (count: number): PublishedEvent[] =>
  Array.from({ length: count }, (_, index) => event(`event-${index}`));

/** A bus that takes entries as `accepts` says (by id and how often it came), and remembers each request's ids. */
const fakeClient = (accepts: (id: string, attempt: number) => boolean = () => true) => {
  const requests: string[][] = [];
  const attempts = new Map<string, number>();
  const send = async ({ input }: PutEventsCommand) => {
    const ids = (input.Entries ?? []).map(({ Detail = '{}' }) => String(JSON.parse(Detail).id));
    requests.push(ids);
    const Entries = ids.map((id) => {
      const attempt = (attempts.get(id) ?? 0) + 1;
      attempts.set(id, attempt);
      return accepts(id, attempt) ? { EventId: `given-${id}` } : { ErrorCode: 'InternalFailure' };
    });
    return { Entries, FailedEntryCount: Entries.filter((entry) => 'ErrorCode' in entry).length };
  };
  // The client's send has an overload per command; the bus uses this one only.
  return { requests, client: { send } as never };
};
const sizes = (requests: readonly string[][]): number[] => requests.map(({ length }) => length);

it('puts at most ten events in a request', async () => {
  const { client, requests } = fakeClient();
  await eventBus('bus', fakeSystem(), client).put(events(23));
  expect(sizes(requests)).toEqual([10, 10, 3]);
});

it('keeps a request below the size EventBridge takes', async () => {
  const { client, requests } = fakeClient();
  const large = Array.from({ length: 5 }, (_, index) => event(`event-${index}`, 'x'.repeat(100_000)));
  await eventBus('bus', fakeSystem(), client).put(large);
  expect(sizes(requests)).toEqual([2, 2, 1]);
});

it('repeats only the entries that failed inside a successful answer', async () => {
  const { client, requests } = fakeClient((id, attempt) => id !== 'event-3' || attempt > 2);
  await eventBus('bus', fakeSystem(), client).put(events(5));
  expect(requests.slice(1)).toEqual([['event-3'], ['event-3']]);
});

it('says which events are not on the bus when the bus keeps refusing them', async () => {
  const { client } = fakeClient((id) => id !== 'event-3' && id !== 'event-12');
  const put = eventBus('bus', fakeSystem(), client).put(events(15));
  const error = await put.catch((thrown: unknown) => thrown);
  expect(error instanceof EventsNotPut && error.events.map(({ detail }) => detail.id)).toEqual(['event-3', 'event-12']);
});

it('fails when the bus cannot be reached, so that the records come again', async () => {
  const client = { send: () => Promise.reject(new Error('no route')) } as never;
  await expect(eventBus('bus', fakeSystem(), client).put(events(1))).rejects.toThrow(EventsNotPut);
});

it('tells the bus name, our source, the type and the event time', async () => {
  const sent: unknown[] = [];
  const send = async ({ input }: PutEventsCommand) => {
    sent.push(...(input.Entries ?? []));
    return { Entries: [{ EventId: '1' }] };
  };
  await eventBus('bus', fakeSystem(), { send } as never).put([event('event-0')]);
  expect(sent).toEqual([
    {
      EventBusName: 'bus',
      Source: 'wattstream',
      DetailType: 'StationConnected',
      Time: new Date(at),
      Detail: JSON.stringify(event('event-0').detail),
    },
  ]);
});
