import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { CallFailed } from '../simulator/charge-point/connection/call-failed.ts';
import { webSocket } from '../simulator/charge-point/connection/web-socket.ts';
import { systemClock } from '../simulator/clock.ts';
import { traffic } from '../simulator/traffic.ts';
import type { Ask } from './graphql.ts';

const Seen = z.object({ connector: z.object({ info: z.string().nullable() }).nullable() });
const query = `query Probe($stationId: ID!) { connector(stationId: $stationId, evseId: 1, connectorId: 1) { info } }`;

const pollMs = 10;
const giveUpMs = 30_000;

export type Probe = { readonly samplesMs: readonly number[]; readonly stop: () => Promise<void> };

/**
 * Measures, over and over, how long it takes from a charger sending a status until GraphQL shows it: a 1.6 station of its
 * own sends one with a text never seen before and asks until that text is there. Accurate to one poll.
 */
export const visibilityProbe = async (
  ask: Ask,
  { url, stationId, password }: { url: string; stationId: string; password: string },
): Promise<Probe> => {
  const samplesMs: number[] = [];
  const opened = Promise.withResolvers<void>();
  const line = webSocket({
    url,
    stationId,
    password,
    protocol: 'ocpp1.6',
    strict: true,
    traffic: traffic(),
    commanded: async () => ({ kind: 'result', payload: { status: 'Rejected' } }),
    opened: opened.resolve,
    closed: () => {},
    failed: opened.reject,
    jitter: () => 0,
    clock: systemClock,
  });
  line.open();
  await opened.promise;
  await line.call('BootNotification', { chargePointVendor: 'Bench', chargePointModel: 'Probe' });

  let stopped = false;
  /** ms until it was seen; undefined when the message was refused or not answered, which the traffic of the fleet counts. */
  const measure = async (info: string): Promise<number | undefined> => {
    const startedAt = performance.now();
    const status = {
      connectorId: 1,
      errorCode: 'NoError',
      status: 'Available',
      info,
      timestamp: new Date().toISOString(),
    };
    let failed = false;
    const answered = line.call('StatusNotification', status).catch((error: unknown) => {
      if (!(error instanceof CallFailed)) throw error;
      failed = true;
    });
    for (;;) {
      const { connector } = Seen.parse(await ask(query, { stationId }));
      if (failed) return undefined;
      const waitedMs = performance.now() - startedAt;
      if (connector?.info === info || waitedMs > giveUpMs) {
        await answered;
        return waitedMs;
      }
      await sleep(pollMs);
    }
  };
  const running = (async () => {
    for (let index = 0; !stopped; index++) {
      const sampleMs = await measure(`probe ${index}`);
      if (sampleMs !== undefined) samplesMs.push(sampleMs);
      await sleep(700);
    }
  })();
  return {
    samplesMs,
    stop: async () => {
      stopped = true;
      await running;
      await line.close(false);
    },
  };
};
