import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import pMap from 'p-map';
import { connectionSender } from '../aws/commands/connection-sender.ts';
import { mailboxStore } from '../aws/commands/mailbox-store.ts';
import { exitOnSignals } from '../cli/command-line/exit-on-signals.ts';
import { programOptions } from '../cli/command-line/program-options.ts';
import { temporaryFolder } from '../cli/command-line/temporary-folder.ts';
import type { StoreRequest } from '../local/faults/fault-proxy.ts';
import { type LocalStack, startLocal } from '../local/stack/local-stack.ts';
import { synthesize } from '../local/template/synthesize.ts';
import { system } from '../runtime/system.ts';
import { type Caller, requestCommand } from '../use-cases/send-command/request-command.ts';
import { type Arrival, connectStations } from './commands/stations.ts';
import { gatewayUsd, requestUsd } from './commands/store-cost.ts';
import { quantile } from './quantile.ts';
import { printTable } from './table.ts';

/**
 * From a request to the frame at the charger, over the bus and in-process; from an answer to the next call; and many profile
 * commands over many stations, with the AWS requests each takes and what they cost.
 */
const usage = `Usage: npm run bench:commands -- [--stations 1000] [--commands 10000] [--samples 60]
Commands on a stack of its own: how long they take, which AWS requests they need, and what these cost.
  --stations N   stations that are connected
  --commands N   profile commands over all of them
  --samples N    single commands whose time is taken`;

const values = programOptions(usage, {
  stations: { type: 'number', otherwise: 1_000, from: 1 },
  commands: { type: 'number', otherwise: 10_000, from: 1 },
  samples: { type: 'number', otherwise: 60, from: 1 },
});
const { stations: stationCount, commands: commandCount } = values;
const samples = Math.min(values.samples, stationCount);

const loop: Caller = { by: 'bench', role: 'administrator', origin: 'internal' };
const GIVE_UP_MS = 120_000;
/** Stations are asked when nothing of their connecting is left to do. */
const SETTLE_MS = 3_000;

/** Tells when calls reached their stations. */
const arrivals = () => {
  const seen: Arrival[] = [];
  const waiting = new Set<() => void>();
  const until = async (isEnough: () => boolean): Promise<void> => {
    const giveUpAt = performance.now() + GIVE_UP_MS;
    while (!isEnough()) {
      if (performance.now() > giveUpAt) throw new Error(`Only ${seen.length} calls arrived in time`);
      await new Promise<void>((resolve) => {
        waiting.add(resolve);
        setTimeout(resolve, 1_000).unref();
      });
    }
  };
  return {
    seen,
    arrived: (arrival: Arrival) => {
      seen.push(arrival);
      for (const wake of waiting) wake();
      waiting.clear();
    },
    until,
    /** The first call that reaches a station from now on. */
    next: async (stationId: string): Promise<Arrival> => {
      const from = seen.length;
      const found = () => seen.slice(from).find((arrival) => arrival.stationId === stationId);
      await until(() => found() !== undefined);
      const arrival = found();
      if (arrival === undefined) throw new Error('It was there a moment ago');
      return arrival;
    },
  };
};

const profile = (limit: number): string =>
  JSON.stringify({
    connectorId: 1,
    csChargingProfiles: {
      chargingProfileId: 1,
      stackLevel: 0,
      chargingProfilePurpose: 'TxDefaultProfile',
      chargingProfileKind: 'Relative',
      chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
    },
  });

const requester = (stack: LocalStack, sent: () => void = () => {}) => {
  const tables = { commands: String(stack.outputs.CommandsTable), stations: String(stack.outputs.StationsTable) };
  const sender = connectionSender(String(stack.outputs.WebsocketCallbackUrl));
  const request = requestCommand({
    mailboxes: mailboxStore(tables, system),
    sender: {
      send: (...args) => {
        sent();
        return sender.send(...args);
      },
    },
    system,
    warn: (kind, detail) => console.error(kind, detail),
  });
  let count = 0;
  return (stationId: string, action: string, payload: string) => {
    count += 1;
    return request({ stationId, action, payload, discriminator: `n${count}`, version: count }, loop);
  };
};

type Heard = ReturnType<typeof arrivals>;
type Ask = ReturnType<typeof requester>;

const overBus = async (stack: LocalStack, heard: Heard, stationIds: readonly string[]): Promise<number[]> => {
  const bus = new EventBridgeClient({});
  const took: number[] = [];
  for (const stationId of stationIds.slice(0, samples)) {
    const detail = {
      version: 1,
      id: stationId,
      time: new Date().toISOString(),
      stationId,
      action: 'GetLocalListVersion',
    };
    const entry = { EventBusName: String(stack.outputs.EventBus), Source: 'bench', DetailType: 'CommandRequested' };
    const arrival = heard.next(stationId);
    const from = performance.now();
    await bus.send(new PutEventsCommand({ Entries: [{ ...entry, Detail: JSON.stringify(detail) }] }));
    took.push((await arrival).at - from);
    await sleep(20);
  }
  return took;
};

const inProcess = async (ask: Ask, heard: Heard, stationIds: readonly string[]): Promise<number[]> => {
  const took: number[] = [];
  for (const stationId of stationIds.slice(0, samples)) {
    const arrival = heard.next(stationId);
    const from = performance.now();
    await ask(stationId, 'GetLocalListVersion', '{}');
    took.push((await arrival).at - from);
    await sleep(50);
  }
  return took;
};

/** Commands that wait in one mailbox: a station answers at once, so what lies between two of its calls is ours. */
const replyToNext = async (ask: Ask, heard: Heard, stationIds: readonly string[]): Promise<number[]> => {
  const took: number[] = [];
  const perStation = 20;
  for (const stationId of stationIds.slice(0, Math.ceil(samples / perStation))) {
    const from = heard.seen.length;
    await Promise.all(Array.from({ length: perStation }, () => ask(stationId, 'GetLocalListVersion', '{}')));
    const own = () => heard.seen.slice(from).filter((arrival) => arrival.stationId === stationId);
    await heard.until(() => own().length === perStation);
    const instants = own().map(({ at }) => at);
    // The first few still share the mailbox with requests that are being taken.
    took.push(
      ...instants
        .slice(1)
        .map((at, index) => at - (instants[index] ?? at))
        .slice(5),
    );
  }
  return took;
};

/** Profile commands to all stations in turn, each with another limit so that none is like the one before. */
const profiles = async (ask: Ask, heard: Heard, stationIds: readonly string[], count: number) => {
  const from = heard.seen.length;
  const startedAt = performance.now();
  const rounds = Math.ceil(count / stationIds.length);
  let superseded = 0;
  for (let round = 0; round < rounds; round++) {
    const wanted = stationIds.slice(0, Math.min(stationIds.length, count - round * stationIds.length));
    await pMap(
      wanted,
      async (stationId) => {
        const { state } = await ask(stationId, 'SetChargingProfile', profile(6 + round));
        if (state === 'Superseded') superseded += 1;
      },
      { concurrency: 32 },
    );
    // The next round replaces nothing that still waits: every command is to reach its charger.
    await heard.until(() => heard.seen.length - from >= Math.min(count, (round + 1) * stationIds.length));
  }
  return { tookMs: performance.now() - startedAt, arrived: heard.seen.length - from, superseded };
};

const withStack = async <T>(
  count: number,
  requested: ((request: StoreRequest) => void) | undefined,
  work: (stack: LocalStack, heard: Heard, stationIds: readonly string[]) => Promise<T>,
): Promise<T> => {
  const folder = temporaryFolder('wattstream-bench-');
  const assembly = await synthesize(join('.wattstream', 'bench'));
  const stack = await startLocal({ assembly, folder, ...(requested && { faults: true, requested }) });
  try {
    Object.assign(process.env, stack.environment);
    const heard = arrivals();
    const stations = await connectStations(stack, count, heard.arrived);
    await sleep(SETTLE_MS);
    const result = await work(stack, heard, stations.stationIds);
    await stations.close();
    return result;
  } finally {
    await stack.stop();
  }
};

const posted = 'apigateway PostToConnection';
/** Marks requests that step a mailbox: asking, sending and settling take these; the rest is the outcome on its way. */
const OF_MAILBOX = ', mailbox';
const stepping = ['BatchGetItem', 'GetItem', 'PutItem', 'TransactWriteItems'];
const isOnPath = (name: string): boolean => name === posted || name.endsWith(OF_MAILBOX);

/** The requests to stores that a command takes, counted behind proxies in a run of their own. */
const counted = async () => {
  const requests = new Map<string, number>();
  let usd = 0;
  /** The name of the table of mailboxes, once counting has begun. */
  let table: string | undefined;
  const commands = 200;
  const countName = (name: string) => {
    if (table !== undefined) requests.set(name, (requests.get(name) ?? 0) + 1);
  };
  const count = (request: StoreRequest) => {
    if (table === undefined) return;
    const { service, operation, body } = request;
    const isStep = stepping.includes(operation) && body.includes(table);
    countName(`${service} ${operation}${isStep ? OF_MAILBOX : ''}`);
    usd += requestUsd(request);
  };
  await withStack(50, count, async (stack, heard, stationIds) => {
    table = String(stack.outputs.CommandsTable);
    await profiles(
      requester(stack, () => countName(posted)),
      heard,
      stationIds,
      commands,
    );
    await sleep(SETTLE_MS);
    table = undefined;
  });
  const perCommand = [...requests].map(
    ([name, total]) => [`  ${name} per command`, (total / commands).toFixed(2)] as const,
  );
  const ofCommand = [...requests].filter(([name]) => isOnPath(name)).reduce((sum, [, total]) => sum + total, 0);
  return { perCommand, ofCommand: (ofCommand / commands).toFixed(2), usd: usd / commands };
};

exitOnSignals();
const ms = (times: readonly number[]): string =>
  [0.5, 0.99].map((share) => `${quantile(times, share).toFixed(1)} ms`).join(' / ');
const { perCommand, ofCommand, usd } = await counted();
await withStack(stationCount, undefined, async (stack, heard, stationIds) => {
  const ask = requester(stack);
  const bus = await overBus(stack, heard, stationIds);
  const direct = await inProcess(ask, heard, stationIds);
  const next = await replyToNext(ask, heard, stationIds);
  const many = await profiles(ask, heard, stationIds, commandCount);
  printTable([
    ['load of the machine (1 min)', loadavg()[0]?.toFixed(1) ?? ''],
    ['request on the bus to frame p50 / p99', ms(bus)],
    ['request in-process to frame p50 / p99', ms(direct)],
    ['reply to next call p50 / p99', ms(next)],
    [`${commandCount} profile commands over ${stationCount} stations`, `${(many.tookMs / 1000).toFixed(1)} s`],
    ['  of them at their charger', many.arrived],
    ['  a second', Math.round((1000 * many.arrived) / many.tookMs)],
    ['AWS calls to ask, send and settle a command', ofCommand],
    ...perCommand,
    ['cost of a million commands (us-east-1)', `${((usd + gatewayUsd) * 1e6).toFixed(2)} USD`],
    ['  of them API Gateway and Lambda requests', `${(gatewayUsd * 1e6).toFixed(2)} USD`],
  ]);
  process.exitCode = many.arrived === commandCount && quantile(next, 0.5) <= 40 ? 0 : 1;
});
process.exit();
