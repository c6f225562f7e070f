import { fork } from 'node:child_process';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import pMap from 'p-map';
import { z } from 'zod';
import { credentialStore } from '../aws/credential-store.ts';
import { stationRegistry } from '../aws/dynamodb/station-registry.ts';
import { tagList } from '../aws/dynamodb/tag-list.ts';
import { ocppStream } from '../aws/messaging/ocpp-stream.ts';
import { exitOnSignals } from '../cli/command-line/exit-on-signals.ts';
import { programOptions } from '../cli/command-line/program-options.ts';
import { temporaryFolder } from '../cli/command-line/temporary-folder.ts';
import { connectorText } from '../cli/station/connector-spec.ts';
import { importStations } from '../cli/station/register-station.ts';
import { type LocalStack, startLocal } from '../local/stack/local-stack.ts';
import { synthesize } from '../local/template/synthesize.ts';
import { system } from '../runtime/system.ts';
import { STATIONS_PER_CHUNK } from '../use-cases/ports/demand-response/plan-store.ts';
import { type BenchStation, benchStations, benchZone, WARM_UP_ZONE, ZONE } from './demand-response/bench-zone.ts';
import { eventCost } from './demand-response/event-cost.ts';
import { planCost } from './demand-response/plan-cost.ts';
import {
  aboveRamp,
  loadAtW,
  meanLoadW,
  reachedAt,
  toleranceW,
  type ZoneRun,
  zoneFigures,
} from './demand-response/zone-figures.ts';
import type { FleetMessage } from './demand-response/zone-fleet.ts';
import { type Ask, graphql } from './graphql.ts';
import { printTable } from './table.ts';

/**
 * An event of the grid over a zone of simulated stations, a tenth of which ignores it, on the stack that runs here: how soon
 * stations are told, how soon and how exactly the zone draws less by its own meters, and what the report says of it.
 */
const usage = `Usage: npm run bench:dr -- [--stations 200] [--minutes 5] [--short] [--json]
  --stations N   stations of the zone, at least 20
  --minutes N    length of the event, at least 2
  --json         one JSON object
  --short        ends with the event: no return, no rebound and no report, which take a quarter of an hour more`;

const values = programOptions(usage, {
  stations: { type: 'number', otherwise: 200, from: 20 },
  minutes: { type: 'number', otherwise: 5, from: 2, isFraction: true },
  short: { type: 'flag' },
  json: { type: 'flag' },
});
const { stations: stationCount, minutes } = values;

const METER_SEC = 10;
/** So much of what the zone draws is asked for: stations that obey can give it. */
const ASKED_SHARE = 0.3;
const PLANNED_STATIONS = 10_000;
/** Mean load of the quarter of an hour after, against what was drawn before. */
const MOST_REBOUND = 1.05;
const SIGNAL = 'bench-dr';
const WARM_UP = 'bench-warm-up';
const REBOUND_MS = 900_000;
/** A response counts as settled after two meter intervals, and what meters take to come through twice. */
const SETTLED_AFTER_MS = 2 * (METER_SEC + 10) * 1_000;

const say = (line: string): void => console.error(line);

const registerStations = async (stack: LocalStack, stations: readonly BenchStation[]): Promise<void> => {
  const output = (name: string): string => String(stack.outputs[name]);
  const tags = tagList(output('TagsTable'));
  await pMap(stations, ({ tag }) => tags.put({ tag, status: 'Accepted' }), { concurrency: 16 });
  const entries = stations.map(({ station: { contractMaxW, connectors, ...station } }) => ({
    ...station,
    contractMaxKw: contractMaxW / 1_000,
    connectors: connectors.map(connectorText),
  }));
  await importStations(entries, {
    registry: stationRegistry(output('StationsTable'), system),
    credentials: credentialStore(output('CredentialsTable')),
    stream: ocppStream(output('OcppStream')),
    now: Date.now,
    scryptCost: 16,
  });
};

/** The stations in a process of their own, and what they tell. */
const fleetOf = (stack: LocalStack) => {
  const child = fork(join(import.meta.dirname, 'demand-response', 'zone-fleet.ts'), [
    stack.endpoints.ocpp,
    String(stationCount),
  ]);
  const heard: FleetMessage[] = [];
  child.on('message', (message: FleetMessage) => heard.push(message));
  const of = <Kind extends FleetMessage['kind']>(kind: Kind) =>
    heard.filter((one): one is Extract<FleetMessage, { kind: Kind }> => one.kind === kind);
  const isOfZone = ({ index }: { readonly index: number }): boolean => index < stationCount;
  return {
    of,
    /** What was heard of the zone itself. */
    zone: () => ({
      samples: of('power').map(({ at, powersW }) => ({ at, powersW: powersW.slice(0, stationCount) })),
      profiles: of('profile').filter(isOfZone),
      answers: of('answer').filter(isOfZone),
    }),
    stop: () => child.kill(),
  };
};
type Fleet = ReturnType<typeof fleetOf>;

/** Puts a request of the grid on the bus. */
const request = async (stack: LocalStack, detail: object): Promise<void> => {
  const entry = { EventBusName: String(stack.outputs.EventBus), Source: 'utility' };
  const event = { ...entry, DetailType: 'DemandResponseRequested', Detail: JSON.stringify(detail) };
  await new EventBridgeClient({}).send(new PutEventsCommand({ Entries: [event] }));
};

/** An event of one station, from its signal to its end: functions that start for the first time are no matter of this bench. */
const warmUp = async (stack: LocalStack, fleet: Fleet): Promise<void> => {
  const endAt = new Date(Date.now() + 600_000).toISOString();
  const told = (times: number) => () =>
    fleet.of('profile').filter(({ index }) => index === stationCount).length >= times;
  await request(stack, { signalId: WARM_UP, type: 'CURTAIL', zoneId: WARM_UP_ZONE, reductionKw: 1, endAt });
  await waitUntil('To start the functions', told(1), 60_000);
  await request(stack, { type: 'RESTORE', signalIds: [WARM_UP] });
  await waitUntil('To end the first event', told(2), 60_000);
};

const ZoneLoad = z.object({ zoneLoad: z.object({ loadKw: z.number(), stationsUnknown: z.number() }) });
const Planned = z.object({
  demandResponse: z
    .object({
      state: z.string(),
      round: z.number(),
      stations: z.array(z.object({ stationId: z.string(), shedKw: z.number() })),
    })
    .nullable(),
});
const Reported = z.object({
  demandResponseReport: z
    .object({
      startAt: z.string(),
      endAt: z.string(),
      rounds: z.number(),
      baselineKw: z.number(),
      steadyDeliveredKw: z.number(),
      energyDeliveredKwh: z.number(),
      overshootKw: z.number(),
      reboundRatio: z.number().nullish(),
      t90Seconds: z.number().nullish(),
      delivered: z.array(z.object({ at: z.string() })),
    })
    .nullable(),
});

/** Waits until something is so; a stack that is too busy to answer is asked again. */
const waitUntil = async (what: string, isSo: () => Promise<boolean> | boolean, mostMs: number): Promise<void> => {
  const giveUpAt = performance.now() + mostMs;
  for (;;) {
    try {
      if (await isSo()) return;
    } catch (error) {
      say(`  ${String(error)}`);
    }
    if (performance.now() > giveUpAt) throw new Error(`${what} takes longer than ${mostMs / 1_000} s`);
    await sleep(1_000);
  }
};

const planOf = async (ask: Ask, id = SIGNAL) =>
  Planned.parse(await ask(`{ demandResponse(id: "${id}") { state round stations { stationId shedKw } } }`))
    .demandResponse;

const reportFields =
  'startAt endAt rounds baselineKw steadyDeliveredKw energyDeliveredKwh overshootKw reboundRatio t90Seconds delivered { at }';
const reportOf = async (ask: Ask) =>
  Reported.parse(await ask(`{ demandResponseReport(id: "${SIGNAL}") { ${reportFields} } }`)).demandResponseReport;

const kw = (powerW: number): string => `${(powerW / 1_000).toFixed(2)} kW`;

type Report = NonNullable<Awaited<ReturnType<typeof reportOf>>>;

/** A figure of the stack's report beside the same figure by the stations' own meters. */
type Comparison = { readonly name: string; readonly told: number; readonly seen: number; readonly within: number };

/**
 * The stack's report beside the stations' own meters, read every second: over the same time, by the same definitions, with
 * code of its own. A charger tells its meter every ten seconds, so the report is that much coarser where the load moves.
 */
const compared = (run: ZoneRun, report: Report): readonly Comparison[] => {
  const [startAt, endAt] = [Date.parse(report.startAt), Date.parse(report.endAt)];
  const baselineW = loadAtW(run, startAt);
  const deliveredW = (fromAt: number): number => baselineW - meanLoadW(run, fromAt, endAt);
  const energyKwh = (deliveredW(startAt) * (endAt - startAt)) / 3_600_000 / 1_000;
  const steadyW = deliveredW(startAt + SETTLED_AFTER_MS);
  return [
    { name: 'baseline, kW', told: report.baselineKw, seen: baselineW / 1_000, within: baselineW / 200_000 },
    {
      name: 'delivered once settled, kW',
      told: report.steadyDeliveredKw,
      seen: steadyW / 1_000,
      within: toleranceW(run.askedW) / 1_000,
    },
    { name: 'delivered energy, kWh', told: report.energyDeliveredKwh, seen: energyKwh, within: energyKwh / 50 },
    {
      name: 't90, s',
      told: report.t90Seconds ?? Number.NaN,
      seen: (reachedAt(run, baselineW - 0.9 * run.askedW, startAt) - startAt) / 1_000,
      within: METER_SEC,
    },
    {
      name: 'rebound ratio',
      told: report.reboundRatio ?? Number.NaN,
      seen: meanLoadW(run, endAt, endAt + REBOUND_MS) / baselineW,
      within: 0.02,
    },
  ];
};

/** In percent, signed. */
const difference = ({ told: one, seen }: Comparison): string => `${((one / seen - 1) * 100).toFixed(2)} %`;

const bench = async (): Promise<boolean> => {
  exitOnSignals();
  const planned = planCost(PLANNED_STATIONS);
  const zone = benchZone(stationCount);
  const tables: string[] = [];
  const cost = eventCost(() => tables);
  const stack = await startLocal({
    assembly: await synthesize(join('.wattstream', 'bench-dr'), {
      windowStore: 'timestream',
      meterIntervalSeconds: String(METER_SEC),
    }),
    folder: temporaryFolder('wattstream-bench-'),
    faults: true,
    requested: cost.requested,
    log: (source, line) => source === 'local' && say(line),
  });
  try {
    Object.assign(process.env, stack.environment);
    tables.push(String(stack.outputs.GridTable), String(stack.outputs.CommandsTable));
    await registerStations(stack, benchStations(stationCount));
    const fleet = fleetOf(stack);
    const ask = graphql(stack);
    const powersNow = (): readonly number[] => fleet.zone().samples.at(-1)?.powersW ?? [];
    const loadW = (): number => powersNow().reduce((sum, powerW) => sum + powerW, 0);
    say(`${stationCount} stations are connecting ...`);
    await waitUntil(
      'To see the whole zone charging',
      async () => {
        const powers = powersNow();
        if (powers.length === 0 || powers.some((powerW) => powerW === 0)) return false;
        const { zoneLoad } = ZoneLoad.parse(await ask(`{ zoneLoad(zoneId: "${ZONE}") { loadKw stationsUnknown } }`));
        say(`  ${zoneLoad.loadKw} kW are seen of ${kw(loadW())}`);
        return zoneLoad.stationsUnknown === 0 && Math.abs(zoneLoad.loadKw * 1_000 - loadW()) < loadW() / 50;
      },
      600_000,
    );
    await warmUp(stack, fleet);
    await sleep(2 * METER_SEC * 1_000);
    const askedW = Math.round((ASKED_SHARE * loadW()) / 1_000) * 1_000;
    say(`The zone draws ${kw(loadW())}; ${kw(askedW)} less is asked for.`);

    cost.turn(true);
    const submittedAt = Date.now();
    const endAt = submittedAt + minutes * 60_000;
    const detail = {
      signalId: SIGNAL,
      type: 'CURTAIL',
      zoneId: ZONE,
      reductionKw: askedW / 1_000,
      endAt: new Date(endAt).toISOString(),
    };
    await request(stack, detail);
    await waitUntil('To plan the event', async () => (await planOf(ask))?.state === 'active', 60_000);
    const first = await planOf(ask);
    const load = loadavg()[0] ?? 0;
    await sleep(Math.max(0, endAt - Date.now()));
    const last = await planOf(ask);
    cost.turn(false);
    const shedOf = new Map(first?.stations.map(({ stationId, shedKw }) => [stationId, shedKw * 1_000]));
    const runSoFar = (): ZoneRun => ({
      stations: zone,
      ...fleet.zone(),
      signalId: SIGNAL,
      submittedAt,
      endAt,
      askedW,
      shedsW: zone.map(({ station }) => shedOf.get(station.stationId) ?? 0),
    });
    const report = values.short ? undefined : await reportAfter(ask, endAt);
    const run = runSoFar();
    fleet.stop();
    return told(run, { planned, load, rounds: last?.round ?? 0, report, cost });
  } finally {
    await stack.stop();
  }
};

const reportAfter = async (ask: Ask, endAt: number) => {
  say('The event is over; stations return, and the rebound is watched ...');
  await sleep(Math.max(0, endAt + REBOUND_MS - Date.now()));
  await waitUntil('The report', async () => (await reportOf(ask)) !== null, 120_000);
  return (await reportOf(ask)) ?? undefined;
};

type Outcome = {
  readonly planned: ReturnType<typeof planCost>;
  readonly load: number;
  readonly rounds: number;
  readonly report: Awaited<ReturnType<typeof reportOf>> | undefined;
  readonly cost: ReturnType<typeof eventCost>;
};

/** Prints what was found. Whether the event kept its promise. */
const told = (run: ZoneRun, { planned, load, rounds, report, cost }: Outcome): boolean => {
  const figures = zoneFigures(run);
  const ramp = report ? aboveRamp(run) : undefined;
  const comparison = report ? compared(run, report) : [];
  const checks = Math.round((run.endAt - run.submittedAt) / (METER_SEC * 1_000));
  const chunks = Math.ceil(run.stations.length / STATIONS_PER_CHUNK);
  const spent = cost.sum({ checks, rounds, chunks, commands: run.profiles.length });
  const isDelivered = figures.shortW <= toleranceW(run.askedW);
  const isTrue = comparison.every(({ told: one, seen, within }) => Math.abs(one - seen) <= within);
  const isGentle =
    figures.reboundRatio === undefined || (figures.reboundRatio <= MOST_REBOUND && (ramp?.stations ?? 0) === 0);
  const isFast = planned.cpuMs < 2_000;
  if (values.json)
    console.log(JSON.stringify({ load, rounds, ...figures, planned, spent, ...(ramp && { ramp }), comparison }));
  else
    printTable([
      ['load of the machine (1 min)', load.toFixed(1)],
      ['stations, of them told', `${run.stations.length}, ${figures.stationsReached}`],
      ['signal on the bus to first profile on the wire', `${figures.firstFrameMs} ms (aim < 500)`],
      ['  to the last station, p95 / max', `${figures.lastFrameP95Ms} / ${figures.lastFrameMs} ms (aim < 2000)`],
      ['  to the first that is accepted', `${figures.firstAcceptedMs} ms`],
      ['t90 of stations that obey', `${figures.obedientT90Sec?.toFixed(1) ?? 'never'} s (aim < 30)`],
      ['t90 of the whole zone', `${figures.zoneT90Sec?.toFixed(1) ?? 'never'} s`],
      ['load before', kw(figures.baselineW)],
      ['asked, delivered at the end', `${kw(figures.askedW)}, ${kw(figures.settledW)} after ${rounds} rounds`],
      ['  short, most beyond', `${kw(figures.shortW)}, ${kw(figures.overshootW)}`],
      ['profiles per station', figures.profilesPerStation.toFixed(2)],
      ...comparison.map(
        (one) =>
          [
            `report / meters: ${one.name}`,
            `${one.told.toFixed(2)} / ${one.seen.toFixed(2)} (${difference(one)})`,
          ] as const,
      ),
      ...(ramp ? [['stations above their ramp', `${ramp.stations}, by ${kw(ramp.mostW)} at most`] as const] : []),
      [
        `${PLANNED_STATIONS} stations planned and encoded`,
        `${planned.cpuMs.toFixed(0)} ms of the processor, ${planned.chunks} chunks of ${planned.largestChunkBytes} bytes at most`,
      ],
      ['requests to tables', JSON.stringify(spent.requests)],
      ['cost of the event (us-east-1)', `${spent.totalUsd.toFixed(4)} USD`],
      [
        '  tables, state machine, commands',
        [spent.tablesUsd, spent.workflowUsd, spent.commandUsd].map((usd) => usd.toFixed(4)).join(', '),
      ],
    ]);
  return isDelivered && isTrue && isGentle && isFast;
};

process.exitCode = (await bench()) ? 0 : 1;
process.exit();
