import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { anyFrame } from '../support/foreign-frames.ts';
import { soon } from '../support/soon.ts';
import { rawSocket } from './raw-socket.ts';
import type { RunningStack } from './running-stack.ts';

const SEED = 20_261_122;
const FRAMES = 1_000;
const PER_ROUND = 50;
/** API Gateway closes a socket over a frame of more than 32 KB: that is tested with the framing. */
const MAX_BYTES = 30_000;

const call = (id: string, action: string, payload: object): string => JSON.stringify([2, id, action, payload]);

/** One station sends what nobody should; another one must not notice. */
export const foreignFramesSuite = (stack: () => RunningStack): void => {
  it(`answers another station in between, and shows its status, while ${FRAMES} foreign frames come in`, async () => {
    const open = async (stationId: string, ocpp: '1.6' | '2.0.1') => {
      const password = await stack().register(stationId, ocpp);
      return rawSocket({ url: `${stack().url}/${stationId}`, user: stationId, password, protocols: [`ocpp${ocpp}`] });
    };
    const foreign = [await open('E2E-FOREIGN-16', '1.6'), await open('E2E-FOREIGN-201', '2.0.1')];
    const healthy = await open('E2E-HEALTHY', '1.6');
    const frames = fc
      .sample(anyFrame, { seed: SEED, numRuns: FRAMES })
      .filter((frame) => Buffer.byteLength(frame) <= MAX_BYTES);
    const waitsMs: number[] = [];
    for (let start = 0; start < frames.length; start += PER_ROUND) {
      for (const [index, frame] of frames.slice(start, start + PER_ROUND).entries()) foreign[index % 2]?.send(frame);
      const status = start % (2 * PER_ROUND) === 0 ? 'Preparing' : 'Available';
      const sentAt = performance.now();
      healthy.send(call(`h${start}`, 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status }));
      expect(await healthy.next()).toEqual([3, `h${start}`, {}]);
      waitsMs.push(performance.now() - sentAt);
    }
    healthy.send(call('last', 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Charging' }));
    await vi.waitFor(async () => {
      const query = '{ connector(stationId: "E2E-HEALTHY", evseId: 1, connectorId: 1) { status } }';
      expect((await stack().graphql(query)).data).toEqual({ connector: { status: 'charging' } });
    }, soon);
    expect(Math.max(...waitsMs)).toBeLessThan(10_000);
    for (const socket of foreign) {
      socket.send(call('alive', 'Heartbeat', {}));
      await vi.waitFor(
        () => expect(socket.rest()).toContainEqual([3, 'alive', { currentTime: expect.any(String) }]),
        soon,
      );
      const types = socket.rest().map((frame) => (Array.isArray(frame) ? frame[0] : frame));
      expect(types.filter((type) => type !== 3 && type !== 4)).toEqual([]);
      socket.terminate();
    }
    healthy.terminate();
  });
};
