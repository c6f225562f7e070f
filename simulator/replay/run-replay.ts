import pMap from 'p-map';
import { generatePassword } from '../../aws/credential.ts';
import { credentialStore } from '../../aws/credential-store.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { tagList } from '../../aws/dynamodb/tag-list.ts';
import { ocppStream } from '../../aws/messaging/ocpp-stream.ts';
import { importStations } from '../../cli/station/register-station.ts';
import type { LocalStack } from '../../local/stack/local-stack.ts';
import { system } from '../../runtime/system.ts';
import { systemClock } from '../clock.ts';
import { random } from '../random.ts';
import { type TrafficCount, traffic } from '../traffic.ts';
import { deliver } from './deliver.ts';
import { offlineQueue, type QueuedMessage } from './offline-queue.ts';
import type { Progress } from './progress.ts';
import type { ReplayPlan, StationPlan } from './replay-plan.ts';
import { type ReplayReport, replayReport } from './replay-report.ts';
import { replayStore } from './replay-store.ts';
import { settledSessions } from './settled-sessions.ts';
import { stationEntry } from './station-entry.ts';
import { unreliableDelivery } from './unreliable-delivery.ts';

export type ReplayWay = {
  readonly twice: boolean;
  readonly shuffle?: string | undefined;
  readonly duplicates: number;
};
export type Watching = {
  readonly bar: Progress;
  /** Every message has been answered; the stores may still be at it. */
  readonly delivered: (counted: TrafficCount, inMs: number) => void;
};
export type Replayed = {
  readonly report: ReplayReport;
  readonly traffic: TrafficCount;
  readonly settledInMs: number;
};

/** Stations that deliver at the same time: each waits for its answers, so the stack is kept busy by several. */
const concurrentStations = 16;
/** The hash of passwords that live as long as this process need not be expensive. */
const scryptCost = 16;

const batchesOf = (station: StationPlan, { shuffle, duplicates }: ReplayWay, round: number): QueuedMessage[][] => {
  const queue = offlineQueue(station);
  if (shuffle === undefined) return [queue];
  return unreliableDelivery(queue, random(`${shuffle} ${round} ${station.stationId}`), duplicates);
};

const register = async (stack: LocalStack, plan: ReplayPlan): Promise<Map<string, string>> => {
  const passwords = new Map(plan.stations.map(({ stationId }) => [stationId, generatePassword()]));
  const output = (name: string): string => String(stack.outputs[name]);
  const tags = tagList(output('TagsTable'));
  const named = new Set(plan.stations.flatMap(({ recordings }) => recordings.map(({ tag }) => tag)));
  await pMap([...named], (tag) => tags.put({ tag, status: 'Accepted' }), { concurrency: 32 });
  await importStations(
    plan.stations.map((station) => stationEntry(station, passwords.get(station.stationId) ?? '')),
    {
      registry: stationRegistry(output('StationsTable'), system),
      credentials: credentialStore(output('CredentialsTable')),
      stream: ocppStream(output('OcppStream')),
      now: systemClock.now,
      scryptCost,
    },
  );
  return passwords;
};

/**
 * Registers the stations of a plan at a running local stack, delivers their queues and reads the outcome back from the
 * stores. The AWS SDK of this process must point at the stack. Throws SessionsMissing when something was lost.
 */
export const runReplay = async (
  stack: LocalStack,
  plan: ReplayPlan,
  way: ReplayWay,
  { bar, delivered }: Watching,
): Promise<Replayed> => {
  const passwords = await register(stack, plan);
  const counted = traffic();
  const rounds = Array.from({ length: way.twice ? 2 : 1 }, (_, round) =>
    plan.stations.map((station) => ({ station, batches: batchesOf(station, way, round) })),
  );
  const total = rounds.flat().reduce((sum, { batches }) => sum + batches.flat().length, 0);
  let done = 0;
  const startedAt = systemClock.elapsedMs();
  for (const round of rounds) {
    // The longest queues first, so that none of them is left alone at the end.
    const longestFirst = round.toSorted((a, b) => b.batches.flat().length - a.batches.flat().length);
    await pMap(
      longestFirst,
      (delivery) =>
        deliver({
          ...delivery,
          url: stack.endpoints.ocpp,
          password: passwords.get(delivery.station.stationId) ?? '',
          traffic: counted,
          delivered: () => bar.step('Delivering', ++done, total),
        }),
      { concurrency: concurrentStations },
    );
  }
  const deliveredAt = systemClock.elapsedMs();
  bar.clear();
  delivered(counted.read(), deliveredAt - startedAt);
  const store = replayStore(stack);
  const siteIds = [...new Set(plan.stations.map((station) => stationEntry(station, '').siteId))];
  const stored = await settledSessions(
    plan.stations,
    {
      read: () => store.sessions(siteIds),
      seen: (arrived, of) => bar.step('Settling', arrived, of),
      quietMs: 1000,
      patienceMs: 30_000,
    },
    systemClock,
  ).finally(store.close);
  bar.clear();
  return {
    report: replayReport(plan, stored),
    traffic: counted.read(),
    settledInMs: systemClock.elapsedMs() - deliveredAt,
  };
};
