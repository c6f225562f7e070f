import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { soon } from '../support/soon.ts';
import type { RunningStack } from './running-stack.ts';
import { type StrictClient, strictClient } from './strict-client.ts';

const never = () => new Promise<never>(() => {});

/** Action, state and reason of the last commands of a station, oldest first. */
const ends = async (stack: RunningStack, stationId: string) =>
  (await stack.command(stationId)).map((line) => line.split('\t').slice(2, 5)).toReversed();

const connected = async (stack: RunningStack, stationId: string) => {
  const password = await stack.register(stationId, '1.6');
  const open = () => strictClient({ url: stack.url, stationId, password }, ['ocpp1.6']);
  return { client: await open(), open };
};

/** Counts the calls of an action, which get the answer given. */
const counted = (client: StrictClient, action: string, answer: () => unknown): { readonly calls: number } => {
  const count = { calls: 0 };
  client.handle(action, () => {
    count.calls += 1;
    return answer();
  });
  return count;
};

/** What becomes of commands when answers, connections, functions and messages get lost. */
export const lostCommandsSuite = (stack: () => RunningStack): void => {
  describe('a command that is lost on the way', () => {
    it('times out by its own deadline, long before the minute sweep; the next goes on, and a late answer changes nothing', async () => {
      const stationId = 'E2E-LOST-ANSWER';
      const { client } = await connected(stack(), stationId);
      const late = Promise.withResolvers<object>();
      const first = counted(client, 'ClearCache', () => late.promise);
      const second = counted(client, 'GetLocalListVersion', () => ({ listVersion: 0 }));
      await stack().command(stationId, 'ClearCache', '--timeout', '1');
      await stack().command(stationId, 'GetLocalListVersion');
      await vi.waitFor(() => expect(first.calls).toBe(1), soon);
      const sentAt = Date.now();
      await vi.waitFor(() => expect(second.calls).toBe(1), soon);
      expect(Date.now() - sentAt).toBeLessThan(20_000);
      late.resolve({ status: 'Accepted' });
      await vi.waitFor(async () => {
        expect(await ends(stack(), stationId)).toEqual([
          ['ClearCache', 'TimedOut'],
          ['GetLocalListVersion', 'Accepted', '{"listVersion":0}'],
        ]);
      }, soon);
      expect(first.calls).toBe(1);
      await vi.waitFor(() => {
        const told = stack().published('CommandTimedOut');
        expect(told.filter((detail) => detail.stationId === stationId)).toMatchObject([{ action: 'ClearCache' }]);
      }, soon);
      await client.close();
    });

    it('over a reconnect: a one-shot is unknown and never sent again, a question is asked again', async () => {
      const stationId = 'E2E-LOST-SOCKET';
      const { client, open } = await connected(stack(), stationId);
      const unlocked = counted(client, 'UnlockConnector', never);
      await stack().command(stationId, 'UnlockConnector', '{"connectorId":1}');
      await vi.waitFor(() => expect(unlocked.calls).toBe(1), soon);
      await client.close(true);
      const second = await open();
      const again = counted(second, 'UnlockConnector', () => ({ status: 'Unlocked' }));
      const asked = counted(second, 'GetLocalListVersion', never);
      await vi.waitFor(async () => {
        expect(await ends(stack(), stationId)).toEqual([['UnlockConnector', 'Unknown', 'connection-lost']]);
      }, soon);
      await stack().command(stationId, 'GetLocalListVersion');
      await vi.waitFor(() => expect(asked.calls).toBe(1), soon);
      await second.close(true);
      const third = await open();
      const repeated = counted(third, 'GetLocalListVersion', () => ({ listVersion: 7 }));
      await vi.waitFor(async () => {
        expect(await ends(stack(), stationId)).toEqual([
          ['UnlockConnector', 'Unknown', 'connection-lost'],
          ['GetLocalListVersion', 'Accepted', '{"listVersion":7}'],
        ]);
      }, soon);
      expect([unlocked.calls, again.calls, repeated.calls]).toEqual([1, 0, 1]);
      await third.close();
    });

    it('by a gateway that ends between settling an answer and sending the next call: that one times out, unsent', async () => {
      const stationId = 'E2E-LOST-GATEWAY';
      const { client } = await connected(stack(), stationId);
      counted(client, 'ClearCache', async () => {
        await stack().setFault('kinesis', 'hang');
        return { status: 'Accepted' };
      });
      const unlocked = counted(client, 'UnlockConnector', () => ({ status: 'Unlocked' }));
      const last = counted(client, 'GetLocalListVersion', () => ({ listVersion: 0 }));
      await stack().command(stationId, 'ClearCache');
      await stack().command(stationId, 'UnlockConnector', '{"connectorId":1}', '--timeout', '2');
      await stack().command(stationId, 'GetLocalListVersion');
      try {
        await vi.waitFor(
          async () =>
            expect((await ends(stack(), stationId)).map((end) => end[1])).toEqual(['Accepted', 'Sent', 'Queued']),
          { timeout: 15_000, interval: 20 },
        );
        stack().crash('AnswerWebsocket');
      } finally {
        await stack().setFault('kinesis', undefined);
      }
      await vi.waitFor(async () => {
        expect(await ends(stack(), stationId)).toEqual([
          ['ClearCache', 'Accepted', 'Accepted'],
          ['UnlockConnector', 'TimedOut'],
          ['GetLocalListVersion', 'Accepted', '{"listVersion":0}'],
        ]);
      }, soon);
      expect([unlocked.calls, last.calls]).toEqual([0, 1]);
      await vi.waitFor(() => {
        const told = stack().published('CommandTimedOut');
        expect(told.filter((detail) => detail.stationId === stationId)).toMatchObject([{ action: 'UnlockConnector' }]);
      }, soon);
      await client.close();
    });

    it.each(['refuse', 'hang'] as const)(
      'between the bus and its mailbox (DynamoDB: %s): it is sent once when the table is back, or told as expired then',
      async (fault) => {
        const stationId = `E2E-LOST-REQUEST-${fault.toUpperCase()}`;
        const { client } = await connected(stack(), stationId);
        const asked = counted(client, 'GetLocalListVersion', () => ({ listVersion: 3 }));
        const unlocked = counted(client, 'UnlockConnector', () => ({ status: 'Unlocked' }));
        await stack().command(stationId, 'GetLocalListVersion', '--wait');
        const now = Date.now();
        const request = { version: 1, time: new Date(now).toISOString(), stationId };
        const unlock = { ...request, action: 'UnlockConnector', payload: { connectorId: 1 } };
        const expiresAt = now + 5_000;
        const told = () =>
          stack()
            .published('CommandExpired')
            .filter((detail) => detail.stationId === stationId);
        await stack().setFault('dynamodb', fault);
        try {
          await stack().ask('booking', 'CommandRequested', { ...request, id: 'waits', action: 'GetLocalListVersion' });
          await stack().ask('booking', 'CommandRequested', {
            ...unlock,
            id: 'expires',
            expiresAt: new Date(expiresAt).toISOString(),
          });
          await sleep(expiresAt + 1_000 - Date.now());
          expect(told()).toEqual([]);
        } finally {
          await stack().setFault('dynamodb', undefined);
        }
        await vi.waitFor(
          async () => {
            expect(await ends(stack(), stationId)).toEqual([
              ['GetLocalListVersion', 'Accepted', '{"listVersion":3}'],
              ['GetLocalListVersion', 'Accepted', '{"listVersion":3}'],
            ]);
          },
          { timeout: 60_000, interval: 500 },
        );
        await vi.waitFor(() => expect(told()).toMatchObject([{ requestId: 'expires', state: 'Expired' }]), soon);
        expect([asked.calls, unlocked.calls]).toEqual([2, 0]);
        await client.close(true);
      },
      120_000,
    );

    it('with its wake-up: the minute sweep finds it, and the queue goes on', async () => {
      const stationId = 'E2E-LOST-WAKE-UP';
      const { client } = await connected(stack(), stationId);
      const next = counted(client, 'GetLocalListVersion', () => ({ listVersion: 0 }));
      await stack().command(stationId, 'GetLocalListVersion', '--wait');
      const first = counted(client, 'ClearCache', never);
      await stack().setFault('sqs', 'lose');
      await stack().command(stationId, 'ClearCache', '--timeout', '1');
      await vi.waitFor(() => expect(first.calls).toBe(1), soon);
      await stack().command(stationId, 'GetLocalListVersion');
      await sleep(6_000);
      await stack().setFault('sqs', undefined);
      const sofar = [
        ['GetLocalListVersion', 'Accepted', '{"listVersion":0}'],
        ['ClearCache', 'Sent'],
      ];
      expect(await ends(stack(), stationId)).toEqual([...sofar, ['GetLocalListVersion', 'Queued']]);
      await vi.waitFor(
        async () => {
          expect(await ends(stack(), stationId)).toEqual([
            ['GetLocalListVersion', 'Accepted', '{"listVersion":0}'],
            ['ClearCache', 'TimedOut'],
            ['GetLocalListVersion', 'Accepted', '{"listVersion":0}'],
          ]);
        },
        { timeout: 120_000, interval: 500 },
      );
      expect([first.calls, next.calls]).toEqual([1, 2]);
      await client.close(true);
    });
  });
};
