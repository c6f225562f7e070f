import { callPolicies } from '../../aws/call-policy.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { liveNetwork } from '../../aws/dynamodb/live-network.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { siteConfigurations, siteStore } from '../../aws/sites/site-store.ts';
import { resolver } from '../../runtime/resolver.ts';
import { system } from '../../runtime/system.ts';
import { callerRules, identifyCaller } from '../../use-cases/fields/identify-caller.ts';
import { queryNetwork } from '../../use-cases/query-network/query-network.ts';
import { Env } from './env.ts';

const env = Env.parse(process.env);
const db = documentClient(callPolicies.query);

export const handler = resolver(
  queryNetwork({
    network: liveNetwork({ connectors: env.CONNECTORS_TABLE, stations: env.STATIONS_TABLE }, system, db),
    registry: stationRegistry(env.STATIONS_TABLE, system, db),
    configurations: siteConfigurations(env.SITES_TABLE, system, db),
    control: siteStore(env.SITES_TABLE, system, db),
    clock: system.clock,
  }),
  identifyCaller(callerRules(env.CALLER_RULES)),
);
