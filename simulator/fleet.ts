import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { beginProgram } from '../cli/command-line/program-options.ts';
import { buildingMeter } from './building-meter.ts';
import { type ChargePoint, chargePoint } from './charge-point/charge-point.ts';
import { mqttLine } from './charge-point/connection/mqtt-line.ts';
import { webSocket } from './charge-point/connection/web-socket.ts';
import type { StationRecord } from './charge-point/station-record.ts';
import { sleep, systemClock } from './clock.ts';
import { type DemoStation, demoNetwork } from './demo-network.ts';
import { behaviours, type FleetOptions, fleetOptions, fleetUsage } from './fleet-options.ts';
import { controlledSites } from './network/controlled-sites.ts';
import { newId, random } from './random.ts';
import { tagPool } from './tag-pool.ts';
import { type TrafficCount, traffic } from './traffic.ts';

/** One line on stdout, every second. */
export type FleetStatus = {
  readonly at: string;
  readonly stations: number;
  readonly connected: number;
  readonly charging: number;
  readonly powerKw: number;
  readonly rssMb: number;
} & TrafficCount;

/** What the parent process may ask, and the answers. */
export type FleetRequest =
  | { readonly type: 'record' | 'quiesce' | 'stop' }
  /** Changes how a station treats its CSMS, in the words of a behaviour. */
  | { readonly type: 'behave'; readonly stationId: string; readonly words: string };
export type FleetReply = {
  readonly type: 'record';
  readonly traffic: TrafficCount;
  readonly stations: readonly StationRecord[];
};

const Credentials = z.array(z.looseObject({ stationId: z.string(), password: z.string() }));

const withCredentials = (stations: readonly DemoStation[], file: string | undefined): DemoStation[] => {
  if (file === undefined) return [...stations];
  const listed = Credentials.parse(JSON.parse(readFileSync(file, 'utf8')));
  const passwords = new Map(listed.map(({ stationId, password }) => [stationId, password]));
  return stations.map((station) => {
    const password = passwords.get(station.stationId);
    if (password === undefined) throw new Error(`${file} has no password for station ${station.stationId}`);
    return { ...station, password };
  });
};

const Request: z.ZodType<FleetRequest> = z.union([
  z.object({ type: z.enum(['record', 'quiesce', 'stop']) }),
  z.object({ type: z.literal('behave'), stationId: z.string(), words: z.string() }),
]);

/** Stations connect one after the other: a CSMS takes new sockets at a bounded rate, and so does this machine. */
const staggerMs = 40;
/** Building systems tell their grid meter this often: well within the minute for which a reading counts. */
const METER_EVERY_MS = 10_000;

const run = (options: FleetOptions): void => {
  const network = demoNetwork({ stations: options.stations, seed: options.seed });
  const chance = random(`fleet ${options.seed}`);
  const counted = traffic();
  const [tag = 'WS000001', ...others] = network.tags.map((entry) => entry.tag);
  const tags = tagPool([tag, ...others]);
  const behaviourOf = behaviours(options);
  const overMqtt = (index: number) => options.mqtt !== undefined && index % 10 === 9;
  const points: ChargePoint[] = withCredentials(network.stations, options.credentials).map((station, index) =>
    chargePoint({
      station,
      url: overMqtt(index) ? (options.mqtt ?? '') : options.url,
      transport: overMqtt(index) ? mqttLine : webSocket,
      behaviour: behaviourOf(station.stationId),
      tags,
      chance: chance.fork(station.stationId),
      traffic: counted,
      rate: options.rate,
      sampleMs: options.sampleSec * 1000,
      retryMs: options.retrySec * 1000,
      strict: options.strict,
      drops: options.drops,
      clock: systemClock,
      newTransactionId: newId,
      log: (line) => console.error(line),
    }),
  );
  points.forEach((point, index) => void systemClock.after(index * staggerMs, point.start));

  const chargingAt = (siteId: string): number =>
    network.stations.reduce(
      (sum, station, index) => sum + (station.siteId === siteId ? (points[index]?.load().powerW ?? 0) : 0),
      0,
    );
  const { buildings: broker } = options;
  const buildings = broker === undefined ? [] : controlledSites(network);
  const stopBuildings = buildings.map(({ siteId, building, password }) =>
    buildingMeter(
      { siteId, building, password, chargingW: () => chargingAt(siteId) },
      { broker: broker ?? '', everyMs: METER_EVERY_MS, clock: systemClock, log: (line) => console.error(line) },
    ),
  );

  const record = (): FleetReply => ({
    type: 'record',
    traffic: counted.read(),
    stations: points.map((point) => point.record()),
  });
  const status = (): FleetStatus => {
    const load = points.map((point) => point.load());
    return {
      at: new Date(systemClock.now()).toISOString(),
      stations: points.length,
      connected: points.filter((point) => point.isConnected()).length,
      charging: load.reduce((sum, { charging }) => sum + charging, 0),
      powerKw: Math.round(load.reduce((sum, { powerW }) => sum + powerW, 0) / 1000),
      rssMb: Math.round(process.memoryUsage.rss() / 2 ** 20),
      ...counted.read(),
    };
  };
  let cancelStatus = () => {};
  const reportStatus = () => {
    process.stdout.write(`${JSON.stringify(status())}\n`);
    cancelStatus = systemClock.after(1000, reportStatus);
  };
  reportStatus();
  const stop = async () => {
    cancelStatus();
    for (const stopBuilding of stopBuildings) stopBuilding();
    await Promise.race([Promise.all(points.map((point) => point.stop())), sleep(systemClock, 2000)]);
    process.exit(0);
  };
  process.on('SIGUSR2', () => writeFileSync(options.truth, JSON.stringify(record())));
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
  process.on('disconnect', () => void stop());
  process.on('message', async (message) => {
    const request = Request.parse(message);
    if (request.type === 'stop') return stop();
    if (request.type === 'behave') {
      const { stationId, words } = request;
      for (const point of points) if (point.record().stationId === stationId) point.behave(words);
      return;
    }
    if (request.type === 'quiesce') await Promise.all(points.map((point) => point.quiesce()));
    process.send?.(record());
  });
};

run(beginProgram(fleetUsage, fleetOptions));
