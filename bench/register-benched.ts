import { credentialStore } from '../aws/credential-store.ts';
import { stationRegistry } from '../aws/dynamodb/station-registry.ts';
import { ocppStream } from '../aws/messaging/ocpp-stream.ts';
import { importStations } from '../cli/station/register-station.ts';
import type { StationEntry } from '../cli/station/station-entry.ts';
import type { LocalStack } from '../local/stack/local-stack.ts';
import { system } from '../runtime/system.ts';

/** Registers stations at the site of a bench, with the cheapest hashes. The AWS SDK of this process must point at the stack. */
export const registerBenched = async (
  { outputs }: Pick<LocalStack, 'outputs'>,
  stations: readonly (Pick<StationEntry, 'stationId' | 'connectors'> & Partial<StationEntry>)[],
): Promise<void> => {
  const place = { siteId: 'bench', zoneId: 'bench', region: 'bench', timeZone: 'UTC' };
  await importStations(
    stations.map((station) => ({ ...place, ...station })),
    {
      registry: stationRegistry(String(outputs.StationsTable), system),
      credentials: credentialStore(String(outputs.CredentialsTable)),
      stream: ocppStream(String(outputs.OcppStream)),
      now: system.clock,
      scryptCost: 16,
    },
  );
};
