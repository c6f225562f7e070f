import { callPolicies } from '../../aws/call-policy.ts';
import { credentialStore } from '../../aws/credential-store.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { tagList } from '../../aws/dynamodb/tag-list.ts';
import { tariffTable } from '../../aws/dynamodb/tariff-table.ts';
import { ocppStream } from '../../aws/messaging/ocpp-stream.ts';
import { connectorText } from '../../cli/station/connector-spec.ts';
import { checkEntry } from '../../cli/station/station-entry.ts';
import type { LocalSystem } from '../../local/local-system.ts';
import type { DemoNetwork } from '../../simulator/demo-network.ts';
import { cheapCredential } from '../stack/cheap-credential.ts';
import type { SimulatedStack } from '../stack/simulated-stack.ts';

/** Registers stations with their passwords, tags and tariffs, as an operator does before they come. */
export const registerNetwork = async (
  { stations, tags, tariffs, assignments }: DemoNetwork,
  { open, nameOf }: SimulatedStack,
  system: LocalSystem,
): Promise<void> => {
  const db = documentClient(callPolicies.operator, open);
  const registry = stationRegistry(nameOf('stations'), system, db);
  const credentials = credentialStore(nameOf('credentials'), db);
  const stream = ocppStream(nameOf('ocpp'), open);
  const list = tagList(nameOf('tags'), db);
  const prices = tariffTable(nameOf('tariffs'), system, db);
  for (const tag of tags) await list.put(tag);
  for (const tariff of tariffs) await prices.putTariff(tariff);
  for (const assignment of assignments) await prices.assign(assignment);
  for (const { contractMaxW, connectors, ...station } of stations) {
    const entry = { ...station, contractMaxKw: contractMaxW / 1_000, connectors: connectors.map(connectorText) };
    const { registration } = checkEntry(entry);
    await credentials.put(station.stationId, cheapCredential(station.password));
    await registry.put({ ...registration, commissionedAt: system.clock() });
    await stream.put({ kind: 'registered', stationId: station.stationId, receivedAt: system.clock() });
  }
};
