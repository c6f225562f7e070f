import { fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import pMap from 'p-map';
import { z } from 'zod';
import { credentialStore } from '../../aws/credential-store.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { tagList } from '../../aws/dynamodb/tag-list.ts';
import { ocppStream } from '../../aws/messaging/ocpp-stream.ts';
import { temporaryFolder } from '../../cli/command-line/temporary-folder.ts';
import { connectorText } from '../../cli/station/connector-spec.ts';
import { importStations } from '../../cli/station/register-station.ts';
import type { StoreRequest } from '../../local/faults/fault-proxy.ts';
import { type LocalStack, startLocal } from '../../local/stack/local-stack.ts';
import { synthesize } from '../../local/template/synthesize.ts';
import { system } from '../../runtime/system.ts';
import { graphql } from '../graphql.ts';
import { type BenchStation, benchStations, WARM_UP_ZONE, ZONE } from './bench-zone.ts';
import type { FleetMessage } from './zone-fleet.ts';

/** How often chargers tell what they draw, s. */
export const METER_SEC = 10;
const WARM_UP = 'bench-warm-up';

export const say = (line: string): void => console.error(line);

/** Waits until something is so; a stack that is too busy to answer is asked again. */
export const waitUntil = async (
  what: string,
  isSo: () => Promise<boolean> | boolean,
  mostMs: number,
): Promise<void> => {
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
const fleetOf = (stack: LocalStack, stationCount: number) => {
  const child = fork(join(import.meta.dirname, 'zone-fleet.ts'), [stack.endpoints.ocpp, String(stationCount)]);
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
const ZoneLoad = z.object({ zoneLoad: z.object({ loadKw: z.number(), stationsUnknown: z.number() }) });
/** A zone of charging stations on the stack of this machine. `requested` is told of every request to a store, which then takes longer. */
export const zoneStack = async (stationCount: number, requested?: (request: StoreRequest) => void) => {
  const stack = await startLocal({
    assembly: await synthesize(join('.wattstream', 'bench-dr'), {
      windowStore: 'timestream',
      meterIntervalSeconds: String(METER_SEC),
    }),
    folder: temporaryFolder('wattstream-bench-'),
    ...(requested && { faults: true, requested }),
    log: (source, line) => source === 'local' && say(line),
  });
  Object.assign(process.env, stack.environment);
  await registerStations(stack, benchStations(stationCount));
  const fleet = fleetOf(stack, stationCount);
  const ask = graphql(stack);
  const loadW = (): number => (fleet.zone().samples.at(-1)?.powersW ?? []).reduce((sum, powerW) => sum + powerW, 0);

  const bus = new EventBridgeClient({});

  /** Puts a request of the grid on the bus. */
  const request = async (detail: object): Promise<void> => {
    const entry = { EventBusName: String(stack.outputs.EventBus), Source: 'utility' };
    const event = { ...entry, DetailType: 'DemandResponseRequested', Detail: JSON.stringify(detail) };
    await bus.send(new PutEventsCommand({ Entries: [event] }));
  };

  return {
    ask,
    fleet,
    request,
    loadW,
    /** What a resource is called. */
    output: (name: string): string => String(stack.outputs[name]),
    /** Waits until every car charges and the stack knows of it. */
    charging: async (mostMs: number): Promise<void> => {
      say(`${stationCount} stations are connecting ...`);
      await waitUntil(
        'To see the whole zone charging',
        async () => {
          const powers = fleet.zone().samples.at(-1)?.powersW ?? [];
          if (powers.length === 0 || powers.some((powerW) => powerW === 0)) return false;
          const { zoneLoad } = ZoneLoad.parse(await ask(`{ zoneLoad(zoneId: "${ZONE}") { loadKw stationsUnknown } }`));
          say(`  ${zoneLoad.loadKw} kW are seen of ${(loadW() / 1_000).toFixed(2)} kW`);
          return zoneLoad.stationsUnknown === 0 && Math.abs(zoneLoad.loadKw * 1_000 - loadW()) < loadW() / 50;
        },
        mostMs,
      );
    },
    /** An event of one station, from its signal to its end: functions that start for the first time are no matter of this bench. */
    warmUp: async (): Promise<void> => {
      const endAt = new Date(Date.now() + 600_000).toISOString();
      const told = (times: number) => () =>
        fleet.of('profile').filter(({ index }) => index === stationCount).length >= times;
      await request({ signalId: WARM_UP, type: 'CURTAIL', zoneId: WARM_UP_ZONE, reductionKw: 1, endAt });
      await waitUntil('To start the functions', told(1), 60_000);
      await request({ type: 'RESTORE', signalIds: [WARM_UP] });
      await waitUntil('To end the first event', told(2), 60_000);
    },
    stop: async (): Promise<void> => {
      fleet.stop();
      await stack.stop();
    },
  };
};
