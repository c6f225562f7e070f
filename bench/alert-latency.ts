import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { exitOnSignals } from '../cli/command-line/exit-on-signals.ts';
import { programOptions } from '../cli/command-line/program-options.ts';
import { temporaryFolder } from '../cli/command-line/temporary-folder.ts';
import { type LocalStack, startLocal } from '../local/stack/local-stack.ts';
import { synthesize } from '../local/template/synthesize.ts';
import { benchedStation } from './benched-station.ts';
import { printTable } from './print-table.ts';
import { quantile } from './quantile.ts';
import { registerBenched } from './register-benched.ts';

/**
 * From the charger's message to the alert on the bus: a station reports a fault on one connector after the other, and the
 * bus is listened to for the AlertRaised of each. Fails when p95 is not below a second or one is missing.
 */
const usage = `Usage: npm run bench:alert-latency
How long it takes from a charger's message to the alert on the bus. It has no options.`;

programOptions(usage, {});

const CONNECTORS = 60;
const LIMIT_MS = 1_000;
const GIVE_UP_MS = 15_000;
const station = { stationId: 'BENCH-ALERTS', password: 'bench-alerts-password' };

const Raised = z.object({
  'detail-type': z.literal('AlertRaised'),
  detail: z.object({ rule: z.string(), evseId: z.number() }),
});

const register = (stack: LocalStack): Promise<void> =>
  registerBenched(stack, [
    { ...station, connectors: Array.from({ length: CONNECTORS }, (_, index) => `${index + 1}:CCS:50`) },
  ]);

const measure = async (stack: LocalStack): Promise<readonly number[]> => {
  const sentAt = new Map<number, number>();
  const tookMs = new Map<number, number>();
  stack.onEvent((_, event) => {
    const { data } = Raised.safeParse(event);
    const sent = data && sentAt.get(data.detail.evseId);
    if (data && sent !== undefined && data.detail.rule === 'connector-fault')
      tookMs.set(data.detail.evseId, performance.now() - sent);
  });
  const line = await benchedStation({ ...station, url: stack.endpoints.ocpp }, 'Alerts');
  for (let connectorId = 1; connectorId <= CONNECTORS; connectorId += 1) {
    sentAt.set(connectorId, performance.now());
    const status = { connectorId, errorCode: 'ConnectorLockFailure', status: 'Faulted' };
    await line.call('StatusNotification', { ...status, timestamp: new Date().toISOString() });
    await sleep(100 + Math.random() * 200);
  }
  const until = performance.now() + GIVE_UP_MS;
  while (tookMs.size < CONNECTORS && performance.now() < until) await sleep(50);
  await line.close(false);
  return [...tookMs.values()];
};

exitOnSignals();
const folder = temporaryFolder('wattstream-bench-');
const stack = await startLocal({ assembly: await synthesize(join('.wattstream', 'bench')), folder });
try {
  Object.assign(process.env, stack.environment);
  await register(stack);
  const samplesMs = await measure(stack);
  const ms = (share: number): string => `${Math.round(quantile(samplesMs, share))} ms`;
  printTable([
    ['alerts expected', CONNECTORS],
    ['alerts on the bus', samplesMs.length],
    ['message to AlertRaised p50', ms(0.5)],
    ['message to AlertRaised p95', ms(0.95)],
    ['message to AlertRaised p99', ms(0.99)],
  ]);
  process.exitCode = samplesMs.length === CONNECTORS && quantile(samplesMs, 0.95) < LIMIT_MS ? 0 : 1;
} finally {
  await stack.stop();
}
