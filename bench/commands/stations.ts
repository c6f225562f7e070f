import pMap from 'p-map';
import type { LocalStack } from '../../local/stack/local-stack.ts';
import type { Payload } from '../../ocpp/payload.ts';
import type { Connection } from '../../simulator/charge-point/connection/transport.ts';
import { webSocket } from '../../simulator/charge-point/connection/web-socket.ts';
import { systemClock } from '../../simulator/clock.ts';
import { traffic } from '../../simulator/traffic.ts';
import { registerBenched } from '../register-benched.ts';

/** A call that reached a station, at `performance.now()`. */
export type Arrival = {
  readonly stationId: string;
  readonly action: string;
  readonly payload: Payload;
  readonly at: number;
};

const entryOf = (stationId: string) => ({
  stationId,
  password: `password-of-${stationId}`,
  ocpp: '1.6' as const,
  connectors: ['1:Type2:22'],
});

const connected = async (url: string, stationId: string, arrived: (arrival: Arrival) => void): Promise<Connection> => {
  const opened = Promise.withResolvers<void>();
  const line = webSocket({
    url,
    stationId,
    password: entryOf(stationId).password,
    protocol: 'ocpp1.6',
    strict: false,
    traffic: traffic(),
    commanded: async (action, payload) => {
      arrived({ stationId, action, payload, at: performance.now() });
      return {
        kind: 'result',
        payload: action === 'GetLocalListVersion' ? { listVersion: 0 } : { status: 'Accepted' },
      };
    },
    opened: opened.resolve,
    closed: () => {},
    failed: opened.reject,
    jitter: () => 0,
    clock: systemClock,
  });
  line.open();
  await opened.promise;
  await line.call('BootNotification', { chargePointVendor: 'Bench', chargePointModel: 'Commands' });
  return line;
};

/** Registers and connects so many stations, which accept every command at once. */
export const connectStations = async (
  stack: LocalStack,
  count: number,
  arrived: (arrival: Arrival) => void,
): Promise<{
  readonly stationIds: readonly string[];
  readonly lines: readonly Connection[];
  readonly close: () => Promise<void>;
}> => {
  const stationIds = Array.from({ length: count }, (_, index) => `BENCH-${String(index + 1).padStart(4, '0')}`);
  await registerBenched(stack, stationIds.map(entryOf));
  const lines = await pMap(stationIds, (stationId) => connected(stack.endpoints.ocpp, stationId, arrived), {
    concurrency: 16,
  });
  return {
    stationIds,
    lines,
    close: async () => {
      await Promise.all(lines.map((line) => line.close(true)));
    },
  };
};
