import { programOptions } from '../cli/command-line/program-options.ts';
import { registration } from '../test/fakes/registration.ts';
import { printTable } from './print-table.ts';
import { encodingClients, sdkClients } from './throughput/clients.ts';
import { pipeline, type StageName } from './throughput/pipeline.ts';
import { profiled, type Shares } from './throughput/profiled.ts';
import { strictServer } from './throughput/strict-server.ts';

const usage = `Usage: npm run bench:throughput -- [--rounds 60] [--json]
How many meter values a second of one core the functions on the way of a message take, without services: with items encoded
as DynamoDB takes them, and through the SDK up to the network; beside the strict server of ocpp-rpc on the same frames.
  --rounds N   batches of 250 frames, one of each of 250 stations
  --json       one JSON object`;

const { rounds, ...values } = programOptions(usage, {
  rounds: { type: 'number', otherwise: 60, from: 5 },
  json: { type: 'flag' },
});

const STATIONS = 250;
const WARM_UP = 10;
const START = Date.UTC(2026, 10, 21, 12);
const stationIds = Array.from({ length: STATIONS }, (_, index) => `CP-${String(index).padStart(4, '0')}`);

/** A frame of some 640 bytes: five values of one sample. */
const meterValues = (round: number, index: number, transactionId: number): string => {
  const at = new Date(START + (round + 1) * 60_000 + index).toISOString();
  const sampledValue = [
    {
      value: String(1000 + round * 122),
      measurand: 'Energy.Active.Import.Register',
      unit: 'Wh',
      context: 'Sample.Periodic',
    },
    { value: '7360', measurand: 'Power.Active.Import', unit: 'W', context: 'Sample.Periodic' },
    { value: '32.1', measurand: 'Current.Import', unit: 'A', phase: 'L1', context: 'Sample.Periodic' },
    { value: '229.4', measurand: 'Voltage', unit: 'V', phase: 'L1-N', context: 'Sample.Periodic' },
    {
      value: String(Math.min(99, 20 + round)),
      measurand: 'SoC',
      unit: 'Percent',
      context: 'Sample.Periodic',
      location: 'EV',
    },
  ];
  const payload = { connectorId: 1, transactionId, meterValue: [{ timestamp: at, sampledValue }] };
  return JSON.stringify([2, `m-${round}-${index}`, 'MeterValues', payload]);
};
const framesOf = (round: number, transactions: readonly number[] = []) =>
  stationIds.map((stationId, index) => ({
    stationId,
    frame: meterValues(round, index, transactions[index] ?? 700_000 + index),
  }));
const startsOf = () =>
  stationIds.map((stationId, index) => {
    const payload = {
      connectorId: 1,
      idTag: `TAG-${index}`,
      meterStart: 1000,
      timestamp: new Date(START).toISOString(),
    };
    return { stationId, frame: JSON.stringify([2, `s-${index}`, 'StartTransaction', payload]) };
  });

const cpuUs = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

type Measured = { readonly us: Readonly<Record<StageName | 'chain', number>>; readonly shares: Shares };

const measured = async (clients: Parameters<typeof pipeline>[0]): Promise<Measured> => {
  let now = START;
  const line = pipeline(clients, () => now);
  for (const stationId of stationIds) {
    const { admission, ...registered } = registration({ stationId });
    line.register({
      stationId,
      siteId: registered.siteId,
      zoneId: registered.zoneId,
      registration: { ...registered, admission },
    });
  }
  const spentUs: Record<StageName, number> = {
    'answer-ocpp': 0,
    'project-state': 0,
    'record-history': 0,
    'publish-changes': 0,
  };
  const answers = await line.pass(startsOf(), (_, work) => work());
  const transactions = answers.map((answer): number => JSON.parse(answer)[2].transactionId);
  const passed = async (from: number, to: number, isCounted: boolean): Promise<void> => {
    for (let round = from; round < to; round += 1) {
      now = START + (round + 1) * 60_000 + 500;
      await line.pass(framesOf(round, transactions), async (stage, work) => {
        const before = cpuUs();
        await work();
        if (isCounted) spentUs[stage] += cpuUs() - before;
      });
    }
  };
  await passed(0, WARM_UP, false);
  await passed(WARM_UP, WARM_UP + rounds, true);
  if (line.written() < rounds * STATIONS)
    throw new Error('Not every frame changed its connector: nothing was measured');
  const shares = await profiled(() => passed(WARM_UP + rounds, WARM_UP + rounds + Math.ceil(rounds / 3), false));
  const us = Object.fromEntries(line.stages.map((stage) => [stage, spentUs[stage] / (rounds * STATIONS)]));
  const chain = Object.values(us).reduce((sum, each) => sum + each, 0);
  return { us: { ...(us as Record<StageName, number>), chain }, shares };
};

const strictUs = async (): Promise<number> => {
  const take = await strictServer();
  for (let round = 0; round < WARM_UP; round += 1) for (const { frame } of framesOf(round)) await take(frame);
  const before = cpuUs();
  for (let round = WARM_UP; round < WARM_UP + rounds; round += 1)
    for (const { frame } of framesOf(round)) await take(frame);
  return (cpuUs() - before) / (rounds * STATIONS);
};

const [encoded, sdk, strict] = [await measured(encodingClients), await measured(sdkClients), await strictUs()];
if (values.json)
  console.log(
    JSON.stringify({ frameBytes: meterValues(30, 30, 700_030).length, rounds, encoded, sdk, strictServerUs: strict }),
  );
else {
  const rate = (us: number): string =>
    `${Math.round(1e6 / us).toLocaleString('en')}/s, ${us.toFixed(0)} us of CPU a frame`;
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
  const told = ({ us, shares }: Measured) => [
    ...Object.entries(us).map(([name, each]) => [`  ${name}`, rate(each)] as const),
    [
      '  of which',
      `encoding ${percent(shares.encoding)}, SDK ${percent(shares.sdk)}, garbage collection ${percent(shares.garbageCollection)}`,
    ] as const,
  ];
  printTable([
    [`frames of ${meterValues(30, 30, 700_030).length} bytes, batches of ${STATIONS}`, ''],
    ['items encoded, no SDK', ''],
    ...told(encoded),
    ['through the SDK, without network', ''],
    ...told(sdk),
    ['strict server of ocpp-rpc: check and answer', rate(strict)],
  ]);
}
process.exit(0);
