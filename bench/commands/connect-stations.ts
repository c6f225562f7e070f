import pMap from 'p-map';
import { chunksOf } from '../../async/chunks-of.ts';
import type { LocalStack } from '../../local/stack/local-stack.ts';
import type { Connection } from '../../simulator/charge-point/connection/transport.ts';
import { benchedStation } from '../benched-station.ts';
import { registerBenched } from '../register-benched.ts';
import type { Arrival } from './arrivals.ts';

/** Stations that accept every command, at once or when they are let to. */
export type BenchStations = {
  readonly stationIds: readonly string[];
  /** Their connections, in the same order. */
  readonly lines: readonly Connection[];
  /** From now on a station does not answer, until it is let to: resolves to the instant (`performance.now()`) at which it is. */
  readonly hold: (stationId: string) => { readonly release: () => number };
  readonly close: () => Promise<void>;
};

const REGISTERED_AT_ONCE = 50;

const entryOf = (stationId: string) => ({
  stationId,
  password: `password-of-${stationId}`,
  ocpp: '1.6' as const,
  connectors: ['1:Type2:22'],
});

const connected = (
  url: string,
  stationId: string,
  arrived: (arrival: Arrival) => Promise<void> | undefined,
): Promise<Connection> => {
  const { password } = entryOf(stationId);
  return benchedStation({ url, stationId, password }, 'Commands', {
    strict: false,
    commanded: async (action, payload) => {
      await arrived({ stationId, action, payload, at: performance.now() });
      return {
        kind: 'result',
        payload: action === 'GetLocalListVersion' ? { listVersion: 0 } : { status: 'Accepted' },
      };
    },
  });
};

/** Registers and connects so many stations. */
export const connectStations = async (
  stack: LocalStack,
  count: number,
  arrived: (arrival: Arrival) => void,
): Promise<BenchStations> => {
  const stationIds = Array.from({ length: count }, (_, index) => `BENCH-${String(index + 1).padStart(4, '0')}`);
  // All at once they would keep the services of one process waiting beyond what their clients wait for.
  for (const chunk of chunksOf(stationIds, REGISTERED_AT_ONCE)) await registerBenched(stack, chunk.map(entryOf));
  const held = new Map<string, Promise<void>>();
  const asked = (arrival: Arrival) => {
    arrived(arrival);
    return held.get(arrival.stationId);
  };
  const lines = await pMap(stationIds, (stationId) => connected(stack.endpoints.ocpp, stationId, asked), {
    concurrency: 16,
  });
  return {
    stationIds,
    lines,
    hold: (stationId) => {
      const answers = Promise.withResolvers<void>();
      held.set(stationId, answers.promise);
      return {
        release: () => {
          held.delete(stationId);
          answers.resolve();
          return performance.now();
        },
      };
    },
    close: async () => {
      await Promise.all(lines.map((line) => line.close(true)));
    },
  };
};
