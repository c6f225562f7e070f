import type { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { expect, it } from 'vitest';
import { isTransient } from '../../../aws/is-transient.ts';
import { eventBus } from '../../../aws/messaging/event-bus.ts';
import type { PublishedEvent } from '../../../domain/events/published-event.ts';
import { opening } from '../../support/opening.ts';

const event = (id: string, padding = ''): PublishedEvent => ({
  type: 'StationConnected',
  detail: { version: 1, id, time: '2026-11-20T12:00:00.000Z', padding },
});
const events = (count: number): PublishedEvent[] =>
  Array.from({ length: count }, (_, index) => event(`event-${index}`));

/** A bus that refuses some entries with an error code, and remembers each request's ids. */
const fakeClient = (refused: Readonly<Record<string, string>> = {}) => {
  const requests: string[][] = [];
  const send = async ({ input }: PutEventsCommand) => {
    const ids = (input.Entries ?? []).map(({ Detail = '{}' }) => String(JSON.parse(Detail).id));
    requests.push(ids);
    const Entries = ids.map((id) => (refused[id] === undefined ? { EventId: id } : { ErrorCode: refused[id] }));
    return { Entries, FailedEntryCount: Entries.filter((entry) => 'ErrorCode' in entry).length };
  };
  // The client's send has an overload per command; the bus uses this one only.
  return { requests, client: { send } as never };
};
const sizes = (requests: readonly string[][]): number[] => requests.map(({ length }) => length);

it('puts at most ten events in a request', async () => {
  const { client, requests } = fakeClient();
  await eventBus('bus', opening(client)).put(events(23));
  expect(sizes(requests)).toEqual([10, 10, 3]);
});

it('keeps a request below the size EventBridge takes', async () => {
  const { client, requests } = fakeClient();
  const large = Array.from({ length: 5 }, (_, index) => event(`event-${index}`, 'x'.repeat(100_000)));
  await eventBus('bus', opening(client)).put(large);
  expect(sizes(requests)).toEqual([2, 2, 1]);
});

it('tells of each entry that failed inside a successful answer whether it may be taken later', async () => {
  const { client } = fakeClient({
    'event-3': 'ThrottlingException',
    'event-8': 'InternalFailure',
    'event-12': 'MalformedDetail',
  });
  const failures = await eventBus('bus', opening(client)).put(events(15));
  expect(failures.map(({ item, error }) => [item.detail.id, isTransient(error)])).toEqual([
    ['event-3', true],
    ['event-8', true],
    ['event-12', false],
  ]);
});

it('tells of the events of a request that failed, and puts those of others', async () => {
  const outage = Object.assign(new Error('no route'), { code: 'EHOSTUNREACH' });
  let requests = 0;
  const send = async ({ input }: PutEventsCommand) => {
    requests += 1;
    if (requests === 1) throw outage;
    return { Entries: (input.Entries ?? []).map(() => ({ EventId: 'given' })) };
  };
  const failures = await eventBus('bus', opening({ send })).put(events(15));
  expect([failures.length, new Set(failures.map(({ error }) => error))]).toEqual([10, new Set([outage])]);
});

it('tells the bus name, our source and the type, and leaves the time to the bus: replays select by it', async () => {
  const sent: unknown[] = [];
  const send = async ({ input }: PutEventsCommand) => {
    sent.push(...(input.Entries ?? []));
    return { Entries: [{ EventId: '1' }] };
  };
  await eventBus('bus', opening({ send })).put([event('event-0')]);
  expect(sent).toEqual([
    {
      EventBusName: 'bus',
      Source: 'wattstream',
      DetailType: 'StationConnected',
      Detail: JSON.stringify(event('event-0').detail),
    },
  ]);
});
