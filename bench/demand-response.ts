import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { exitOnSignals } from '../cli/command-line/exit-on-signals.ts';
import { programOptions } from '../cli/command-line/program-options.ts';
import { STATIONS_PER_CHUNK } from '../use-cases/ports/demand-response/plan-store.ts';
import { benchZone, ZONE } from './demand-response/bench-zone.ts';
import { eventCost } from './demand-response/event-cost.ts';
import { planCost } from './demand-response/plan-cost.ts';
import {
  difference,
  REBOUND_MS,
  type Report,
  reportBesideMeters,
  reportOf,
} from './demand-response/report-beside-meters.ts';
import { requestSequence } from './demand-response/request-sequence.ts';
import { aboveRamp, toleranceW, type ZoneRun, zoneFigures } from './demand-response/zone-figures.ts';
import { METER_SEC, say, waitUntil, zoneStack } from './demand-response/zone-stack.ts';
import type { Ask } from './graphql.ts';
import { printTable } from './print-table.ts';

/**
 * An event of the grid over a zone of simulated stations, a tenth of which ignores it, on the stack that runs here: how soon
 * stations are told, how soon and how exactly the zone draws less by its own meters, and what the report says of it.
 */
const usage = `Usage: npm run bench:dr -- [--stations 200] [--minutes 3] [--short] [--requests] [--json]
  --stations N   stations of the zone, at least 20
  --minutes N    length of the event, at least 2
  --short        ends with the event: no return, no rebound and no report, which take a quarter of an hour more
  --requests     what is asked of the stores: the cost of the event, and the sequence until the first profile; each takes a little longer
  --json         one JSON object`;

const values = programOptions(usage, {
  stations: { type: 'number', otherwise: 200, from: 20 },
  minutes: { type: 'number', otherwise: 3, from: 2, isFraction: true },
  short: { type: 'flag' },
  requests: { type: 'flag' },
  json: { type: 'flag' },
});
const { stations: stationCount, minutes } = values;

/** So much of what the zone draws is asked for: stations that obey can give it. */
const ASKED_SHARE = 0.3;
const PLANNED_STATIONS = 10_000;
/** Mean load of the quarter of an hour after, against what was drawn before. */
const MOST_REBOUND = 1.05;
/** A machine that takes longer until all its cars charge is too busy to be measured. */
const CONNECTED_WITHIN_MS = 180_000;
const SIGNAL = 'bench-dr';
/** Nothing is asked of the stack until its stations are told, and before it asks others: the answer would take its time. */
const TOLD_MS = 5_000;

const Planned = z.object({
  demandResponse: z
    .object({
      state: z.string(),
      round: z.number(),
      stations: z.array(z.object({ stationId: z.string(), shedKw: z.number() })),
    })
    .nullable(),
});
const planOf = async (ask: Ask, id = SIGNAL) =>
  Planned.parse(await ask(`{ demandResponse(id: "${id}") { state round stations { stationId shedKw } } }`))
    .demandResponse;

/**
 * The fleet is swept when a minute begins: on AWS beside everything else, here with the same two cores. The signal comes in the
 * middle of a minute, so that figures of two runs can be compared.
 */
const msUntilMidMinute = (at: number): number => (90_000 - (at % 60_000)) % 60_000;

const kw = (powerW: number): string => `${(powerW / 1_000).toFixed(2)} kW`;

const bench = async (): Promise<boolean> => {
  exitOnSignals();
  const planned = planCost(PLANNED_STATIONS);
  const tables: string[] = [];
  const cost = eventCost(() => tables);
  const sequence = requestSequence(() => tables);
  const requested: typeof cost.requested = (request) => {
    cost.requested(request);
    sequence.requested(request);
  };
  const stack = await zoneStack(stationCount, values.requests ? requested : undefined);
  try {
    tables.push(...['Grid', 'Commands', 'Stations', 'Connectors'].map((name) => stack.output(`${name}Table`)));
    const { ask, fleet } = stack;
    await stack.charging(CONNECTED_WITHIN_MS);
    await stack.warmUp();
    await sleep(2 * METER_SEC * 1_000);
    await sleep(msUntilMidMinute(Date.now()));
    const askedW = Math.round((ASKED_SHARE * stack.loadW()) / 1_000) * 1_000;
    say(`The zone draws ${kw(stack.loadW())}; ${kw(askedW)} less is asked for.`);

    cost.turn(true);
    const submittedAt = Date.now();
    const endAt = submittedAt + minutes * 60_000;
    await stack.request({
      signalId: SIGNAL,
      type: 'CURTAIL',
      zoneId: ZONE,
      reductionKw: askedW / 1_000,
      endAt: new Date(endAt).toISOString(),
    });
    await sleep(TOLD_MS);
    await waitUntil('To plan the event', async () => (await planOf(ask))?.state === 'active', 60_000);
    const first = await planOf(ask);
    const load = loadavg()[0] ?? 0;
    await sleep(Math.max(0, endAt - Date.now()));
    const last = await planOf(ask);
    cost.turn(false);
    const shedOf = new Map(first?.stations.map(({ stationId, shedKw }) => [stationId, shedKw * 1_000]));
    const report = values.short ? undefined : await reportAfter(ask, endAt);
    const zone = benchZone(stationCount);
    const run: ZoneRun = {
      stations: zone,
      ...fleet.zone(),
      signalId: SIGNAL,
      submittedAt,
      endAt,
      askedW,
      shedsW: zone.map(({ station }) => shedOf.get(station.stationId) ?? 0),
    };
    const toldAt = Math.min(...run.profiles.filter(({ at }) => at >= submittedAt).map(({ at }) => at));
    for (const line of sequence.between(submittedAt, toldAt)) say(line);
    return told(run, { planned, load, rounds: last?.round ?? 0, report, ...(values.requests && { cost }) });
  } finally {
    await stack.stop();
  }
};

const reportAfter = async (ask: Ask, endAt: number): Promise<Report | undefined> => {
  say('The event is over; stations return, and the rebound is watched ...');
  await sleep(Math.max(0, endAt + REBOUND_MS - Date.now()));
  await waitUntil('The report', async () => (await reportOf(ask, SIGNAL)) !== null, 120_000);
  return (await reportOf(ask, SIGNAL)) ?? undefined;
};

type Outcome = {
  readonly planned: ReturnType<typeof planCost>;
  readonly load: number;
  readonly rounds: number;
  readonly report: Report | undefined;
  readonly cost?: ReturnType<typeof eventCost>;
};

type Row = readonly [name: string, value: string | number];

/** What the event cost, by the requests that were counted. */
const spentOf = (run: ZoneRun, rounds: number, cost: ReturnType<typeof eventCost>) => {
  const checks = Math.round((run.endAt - run.submittedAt) / (METER_SEC * 1_000));
  const chunks = Math.ceil(run.stations.length / STATIONS_PER_CHUNK);
  return cost.sum({ checks, rounds, chunks, commands: run.profiles.length });
};

const costRows = ({ requests, totalUsd, tablesUsd, workflowUsd, commandUsd }: ReturnType<typeof spentOf>): Row[] => [
  ['requests to tables', JSON.stringify(requests)],
  ['cost of the event (us-east-1)', `${totalUsd.toFixed(4)} USD`],
  ['  tables, state machine, commands', [tablesUsd, workflowUsd, commandUsd].map((usd) => usd.toFixed(4)).join(', ')],
];

/** Prints what was found. Whether the event kept its promise. */
const told = (run: ZoneRun, { planned, load, rounds, report, cost }: Outcome): boolean => {
  const figures = zoneFigures(run);
  const ramp = report ? aboveRamp(run) : undefined;
  const comparison = report ? reportBesideMeters(run, report) : [];
  const spent = cost && spentOf(run, rounds, cost);
  const isDelivered = figures.shortW <= toleranceW(run.askedW);
  const isTrue = comparison.every(({ told: one, seen, within }) => Math.abs(one - seen) <= within);
  const isGentle =
    figures.reboundRatio === undefined || (figures.reboundRatio <= MOST_REBOUND && (ramp?.stations ?? 0) === 0);
  const isFast = planned.cpuMs < 2_000;
  if (values.json)
    console.log(
      JSON.stringify({ load, rounds, ...figures, planned, ...(spent && { spent }), ...(ramp && { ramp }), comparison }),
    );
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
        (one): Row => [
          `report / meters: ${one.name}`,
          `${one.told.toFixed(2)} / ${one.seen.toFixed(2)} (${difference(one)})`,
        ],
      ),
      ...(ramp ? [['stations above their ramp', `${ramp.stations}, by ${kw(ramp.mostW)} at most`] as const] : []),
      [
        `${PLANNED_STATIONS} stations planned and encoded`,
        `${planned.cpuMs.toFixed(0)} ms of the processor, ${planned.chunks} chunks of ${planned.largestChunkBytes} bytes at most`,
      ],
      ...(spent ? costRows(spent) : []),
    ]);
  return isDelivered && isTrue && isGentle && isFast;
};

process.exitCode = (await bench()) ? 0 : 1;
process.exit();
