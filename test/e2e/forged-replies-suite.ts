import { describe, expect, it, vi } from 'vitest';
import { soon } from '../support/soon.ts';
import { type RawSocket, rawSocket } from './raw-socket.ts';
import type { RunningStack } from './running-stack.ts';

/** What API Gateway takes in one frame of WebSocket; a message may have several. */
const LONGEST_FRAME = 32 * 1024;

/** Action, state and the beginning of reason or reply of the last commands of a station, oldest first. */
const ends = async (stack: RunningStack, stationId: string) =>
  (await stack.command(stationId)).map((line) => line.split('\t').slice(2, 4)).toReversed();

const opened = async (stack: RunningStack, stationId: string): Promise<RawSocket> => {
  const password = await stack.register(stationId, '1.6');
  return rawSocket({ url: `${stack.url}/${stationId}`, user: stationId, password });
};

/** Asks for a command and resolves to the id of the message by which it reaches the station. */
const asked = async (stack: RunningStack, stationId: string, socket: RawSocket, action: string): Promise<string> => {
  await stack.command(stationId, action);
  const frame = await socket.next();
  expect(frame).toEqual([2, expect.any(String), action, {}]);
  return Array.isArray(frame) ? String(frame[1]) : '';
};

/** Answers nobody asked for, or in a form that is none: they harm no command but the one they answer. */
export const forgedRepliesSuite = (stack: () => RunningStack): void => {
  describe('a reply', () => {
    it('to the call of another station settles nothing', async () => {
      const [own, other] = await Promise.all([opened(stack(), 'E2E-FORGED-OWN'), opened(stack(), 'E2E-FORGED-OTHER')]);
      const messageId = await asked(stack(), 'E2E-FORGED-OWN', own, 'ClearCache');
      other.send(JSON.stringify([3, messageId, { status: 'Rejected' }]));
      const mine = await asked(stack(), 'E2E-FORGED-OTHER', other, 'ClearCache');
      other.send(JSON.stringify([3, mine, { status: 'Accepted' }]));
      await vi.waitFor(
        async () => expect(await ends(stack(), 'E2E-FORGED-OTHER')).toEqual([['ClearCache', 'Accepted']]),
        soon,
      );
      expect(await ends(stack(), 'E2E-FORGED-OWN')).toEqual([['ClearCache', 'Sent']]);
      own.send(JSON.stringify([3, messageId, { status: 'Accepted' }]));
      await vi.waitFor(
        async () => expect(await ends(stack(), 'E2E-FORGED-OWN')).toEqual([['ClearCache', 'Accepted']]),
        soon,
      );
      own.terminate();
      other.terminate();
    });

    it('that comes again, says something else, or comes after its time changes nothing', async () => {
      const stationId = 'E2E-FORGED-AGAIN';
      const socket = await opened(stack(), stationId);
      const first = await asked(stack(), stationId, socket, 'ClearCache');
      for (const reply of [{ status: 'Accepted' }, { status: 'Accepted' }, { status: 'Rejected' }])
        socket.send(JSON.stringify([3, first, reply]));
      await vi.waitFor(async () => expect(await ends(stack(), stationId)).toEqual([['ClearCache', 'Accepted']]), soon);
      await stack().command(stationId, 'GetLocalListVersion', '--timeout', '1');
      const frame = await socket.next();
      await vi.waitFor(async () => expect((await ends(stack(), stationId)).at(-1)?.[1]).toBe('TimedOut'), soon);
      socket.send(JSON.stringify([3, Object(frame)[1], { listVersion: 1 }]));
      const last = await asked(stack(), stationId, socket, 'ClearCache');
      socket.send(JSON.stringify([3, last, { status: 'Accepted' }]));
      await vi.waitFor(async () => {
        expect(await ends(stack(), stationId)).toEqual([
          ['ClearCache', 'Accepted'],
          ['GetLocalListVersion', 'TimedOut'],
          ['ClearCache', 'Accepted'],
        ]);
      }, soon);
      expect(socket.rest()).toEqual([]);
      socket.terminate();
    });

    it.each([
      ['without content', (id: string) => [3, id, null]],
      ['of a list', (id: string) => [3, id, ['Accepted']]],
      ['of a text', (id: string) => [3, id, 'Accepted']],
      ['without a status', (id: string) => [3, id, {}]],
      ['with a status that is none', (id: string) => [3, id, { status: 7 }]],
      ['that ends too soon', (id: string) => [3, id]],
      ['that goes on', (id: string) => [3, id, { status: 'Accepted' }, 'more']],
      ['of an error without a code', (id: string) => [4, id]],
      ['of an error with a number for a code', (id: string) => [4, id, 7, '', {}]],
      ['of an error that ends too soon', (id: string) => [4, id, 'GenericError']],
      ['of an error of its own', (id: string) => [4, id, 'SelfMade', null, null]],
      ['that is deep', (id: string) => [3, id, JSON.parse(`${'['.repeat(300)}${']'.repeat(300)}`)]],
      ['as long as a frame may be', (id: string) => [3, id, { status: 'Perhaps', more: '"\\'.repeat(30_000) }]],
    ])('%s fails its command, and the next one goes on', async (what, reply) => {
      const stationId = `E2E-FORGED-${what.toUpperCase().replaceAll(' ', '-')}`.slice(0, 48);
      const socket = await opened(stack(), stationId);
      const first = await asked(stack(), stationId, socket, 'ClearCache');
      socket.sendInFrames(JSON.stringify(reply(first)), LONGEST_FRAME);
      await vi.waitFor(async () => expect(await ends(stack(), stationId)).toEqual([['ClearCache', 'Failed']]), soon);
      const next = await asked(stack(), stationId, socket, 'ClearCache');
      socket.send(JSON.stringify([3, next, { status: 'Accepted' }]));
      await vi.waitFor(() => {
        for (const type of ['CommandRejected', 'CommandAccepted'])
          expect(
            stack()
              .published(type)
              .filter((told) => told.stationId === stationId),
          ).toHaveLength(1);
      }, soon);
      expect(socket.rest()).toEqual([]);
      socket.terminate();
    });

    it('to calls that were never made, hundreds of them, keeps no command waiting', async () => {
      const stationId = 'E2E-FORGED-FLOOD';
      const [socket, neighbour] = await Promise.all([opened(stack(), stationId), opened(stack(), 'E2E-FORGED-CALM')]);
      for (let count = 0; count < 300; count += 1) socket.send(JSON.stringify([3, `never-${count}`, {}]));
      const calm = await asked(stack(), 'E2E-FORGED-CALM', neighbour, 'ClearCache');
      neighbour.send(JSON.stringify([3, calm, { status: 'Accepted' }]));
      const own = await asked(stack(), stationId, socket, 'ClearCache');
      socket.send(JSON.stringify([3, own, { status: 'Accepted' }]));
      await vi.waitFor(async () => {
        expect([await ends(stack(), stationId), await ends(stack(), 'E2E-FORGED-CALM')]).toEqual([
          [['ClearCache', 'Accepted']],
          [['ClearCache', 'Accepted']],
        ]);
      }, soon);
      expect(socket.rest()).toEqual([]);
      socket.terminate();
      neighbour.terminate();
    });
  });
};
