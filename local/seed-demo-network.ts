import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import pMap from 'p-map';
import { z } from 'zod';
import { credentialStore } from '../aws/credential-store.ts';
import { stationRegistry } from '../aws/dynamodb/station-registry.ts';
import { tagList } from '../aws/dynamodb/tag-list.ts';
import { tariffTable } from '../aws/dynamodb/tariff-table.ts';
import { ocppStream } from '../aws/messaging/ocpp-stream.ts';
import { connectorText } from '../cli/station/connector-spec.ts';
import { importStations } from '../cli/station/register-station.ts';
import type { StationEntry } from '../cli/station/station-entry.ts';
import { system } from '../runtime/system.ts';
import type { DemoNetwork, DemoStation } from '../simulator/demo-network.ts';
import { localSystem } from './local-system.ts';

/** Passwords of a network that lives as long as the process: the cheapest hash, so that 500 of them take no time. */
const scryptCost = 16;

const entryOf = ({ contractMaxW, connectors, ...station }: DemoStation): StationEntry => ({
  ...station,
  contractMaxKw: contractMaxW / 1_000,
  connectors: connectors.map(connectorText),
});

export type SeededTables = {
  readonly stations: string;
  readonly credentials: string;
  readonly tags: string;
  readonly tariffs: string;
  readonly stream: string;
};

const Credentials = z.array(z.object({ stationId: z.string(), password: z.string() }));

/** Stations an earlier start registered, by what it wrote once it was through. */
const registered = (credentialsFile: string): z.infer<typeof Credentials> =>
  existsSync(credentialsFile) ? Credentials.parse(JSON.parse(readFileSync(credentialsFile, 'utf8'))) : [];

/**
 * Registers the demo network with its tags and tariffs and writes its passwords to a file for the fleet; what the file names
 * is registered already and left as it is. The AWS SDK of this process must point at the local stack.
 */
export const seedDemoNetwork = async (
  network: DemoNetwork,
  tables: SeededTables,
  credentialsFile: string,
): Promise<void> => {
  const known = registered(credentialsFile);
  const fresh = network.stations.filter(({ stationId }) => !known.some((one) => one.stationId === stationId));
  const tags = tagList(tables.tags);
  const tariffs = tariffTable(tables.tariffs, system);
  if (known.length === 0) {
    await pMap(network.tags, (tag) => tags.put(tag), { concurrency: 16 });
    await pMap(network.tariffs, tariffs.putTariff, { concurrency: 16 });
  }
  if (fresh.length > 0) await pMap(network.assignments, tariffs.assign, { concurrency: 16 });
  await importStations(fresh.map(entryOf), {
    registry: stationRegistry(tables.stations, system),
    credentials: credentialStore(tables.credentials),
    stream: ocppStream(tables.stream),
    now: localSystem.clock,
    scryptCost,
  });
  const credentials = [...known, ...fresh.map(({ stationId, password }) => ({ stationId, password }))];
  // Readable by the user alone: anyone with it can be any of these stations.
  writeFileSync(credentialsFile, JSON.stringify(credentials), { mode: 0o600 });
};
