import { loadavg } from 'node:os';
import { exitOnSignals } from '../cli/command-line/exit-on-signals.ts';
import { programOptions } from '../cli/command-line/program-options.ts';
import { atRest, type CommandedStack, onCommandedStack } from './commands/commanded-stack.ts';
import { filledQueue, PER_QUEUE } from './commands/filled-queue.ts';
import { inProcess, overBus } from './commands/latencies.ts';
import { followed, profileCommands } from './commands/profile-commands.ts';
import { gatewayUsd } from './commands/request-usd.ts';
import { requestsPerCommand } from './commands/requests-per-command.ts';
import { printTable } from './print-table.ts';
import { quantile } from './quantile.ts';

/**
 * From a request to the frame at the charger, over the bus and in-process; from an answer to the next call, on a stack at rest
 * and among many commands; and many profile commands over many stations, with the AWS requests each takes and what they cost.
 */
const usage = `Usage: npm run bench:commands -- [--stations 1000] [--commands 10000] [--samples 60] [--requests | --times]
Commands on a stack of its own: how long they take, which AWS requests they need, and what these cost.
  --stations N   stations that are connected
  --commands N   profile commands over all of them
  --samples N    single commands whose time is taken
  --requests     only the AWS requests a command needs; --times: only how long commands take`;

const { samples, requests, times, ...most } = programOptions(usage, {
  stations: { type: 'number', otherwise: 1_000, from: 1 },
  commands: { type: 'number', otherwise: 10_000, from: 1 },
  samples: { type: 'number', otherwise: 60, from: 1 },
  requests: { type: 'flag' },
  times: { type: 'flag' },
});

/** Stations whose queues are worked off, beside those that get the many commands. */
const QUEUES = Math.ceil(samples / PER_QUEUE);
const NEXT_WITHIN_MS = 40;
const CALLS_AT_MOST = 5;

/** Works off one queue after the other. */
const replyToNext = async (commanded: CommandedStack, stationIds: readonly string[]): Promise<readonly number[]> => {
  const took: number[] = [];
  for (const stationId of stationIds) {
    const queue = await filledQueue(commanded, stationId);
    await atRest();
    took.push(...(await queue.work()).took);
  }
  return took;
};

const ms = (times: readonly number[]): string =>
  [0.5, 0.99].map((share) => `${quantile(times, share).toFixed(1)} ms`).join(' / ');
const load = (): string => loadavg()[0]?.toFixed(1) ?? '';

/** Counts what a command takes; resolves to whether that is as little as it should be. */
const countRequests = async (): Promise<boolean> => {
  const perCommand = await requestsPerCommand();
  printTable([
    ['AWS calls to ask, send and settle a command', perCommand.ofCommand.toFixed(2)],
    ['  asked for with 49 others, as our own loops do', perCommand.ofCommandTogether.toFixed(2)],
    ['AWS calls that follow: outcome, timeline, limit', perCommand.following.toFixed(2)],
    ['AWS calls at its deadline, long since answered', perCommand.ofWakeUp.toFixed(2)],
    ...perCommand.byName.map(([name, count]) => [`  ${name} per command`, count.toFixed(2)] as const),
    ['cost of a million commands (us-east-1)', `${(perCommand.usd * 1e6).toFixed(2)} USD`],
    ['  of them API Gateway and Lambda requests', `${(gatewayUsd * 1e6).toFixed(2)} USD`],
  ]);
  return Number(perCommand.ofCommand.toFixed(1)) <= CALLS_AT_MOST;
};

/** Takes the times of commands; resolves to whether the next call comes soon enough. */
const takeTimes = (): Promise<boolean> =>
  onCommandedStack({ stations: most.stations + QUEUES }, async (commanded) => {
    const { stationIds } = commanded.stations;
    const queued = stationIds.slice(0, QUEUES);
    const many = stationIds.slice(QUEUES);
    const loadBefore = load();
    const bus = await overBus(commanded, many.slice(0, samples));
    const direct = await inProcess(commanded, many.slice(0, samples));
    const idle = await replyToNext(commanded, queued);
    printTable([
      ['load of the machine (1 min), before and after', `${loadBefore}, ${load()}`],
      ['request on the bus to frame p50 / p99', ms(bus)],
      ['request in-process to frame p50 / p99', ms(direct)],
      ['reply to next call, at rest, p50 / p99', ms(idle)],
    ]);
    const queues = [];
    for (const stationId of queued) queues.push(await filledQueue(commanded, stationId));
    await atRest();
    const cpu = process.cpuUsage();
    const [tookMs, ...busy] = await Promise.all([
      profileCommands(commanded, many, most.commands),
      ...queues.map((queue) => queue.work()),
    ]);
    const lastAt = performance.now();
    await followed(commanded, many, most.commands);
    const followedMs = performance.now() - lastAt;
    const { user, system } = process.cpuUsage(cpu);
    printTable([
      [`${most.commands} profile commands over ${most.stations} stations`, `${(tookMs / 1_000).toFixed(1)} s`],
      ['  a second', Math.round((1_000 * most.commands) / tookMs)],
      ['  until the timeline told of the last one', `${(followedMs / 1_000).toFixed(1)} s`],
      ['  CPU of stack and stations per command', `${((user + system) / 1_000 / most.commands).toFixed(1)} ms`],
      ['reply to next call, among the many, p50 / p99', ms(busy.flatMap(({ took }) => took))],
      ['  calls that were too late and timed out', busy.reduce((sum, { lost }) => sum + lost, 0)],
      ['load of the machine (1 min), at the end', load()],
    ]);
    return quantile(idle, 0.5) <= NEXT_WITHIN_MS;
  });

exitOnSignals();
const isFrugal = times || (await countRequests());
const isQuick = requests || (await takeTimes());
process.exitCode = isFrugal && isQuick ? 0 : 1;
process.exit();
