import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { CallFailed } from '../simulator/charge-point/connection/call-failed.ts';
import { type BenchedStation, benchedStation } from './benched-station.ts';
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
export const visibilityProbe = async (ask: Ask, station: BenchedStation): Promise<Probe> => {
  const samplesMs: number[] = [];
  const line = await benchedStation(station, 'Probe');

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
      const { connector } = Seen.parse(await ask(query, { stationId: station.stationId }));
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
