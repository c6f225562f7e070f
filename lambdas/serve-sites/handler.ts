import { callPolicies } from '../../aws/call-policy.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { siteConfigurations, siteStore } from '../../aws/sites/site-store.ts';
import { siteStream } from '../../aws/sites/site-stream.ts';
import { resolver } from '../../runtime/resolver.ts';
import { system } from '../../runtime/system.ts';
import { callerRules, identifyCaller } from '../../use-cases/fields/identify-caller.ts';
import { serveSites } from '../../use-cases/serve-sites/serve-sites.ts';
import { Env } from './env.ts';

const env = Env.parse(process.env);
const db = documentClient(callPolicies.query);
const registry = stationRegistry(env.STATIONS_TABLE, system, db);

export const handler = resolver(
  serveSites({
    configurations: siteConfigurations(env.SITES_TABLE, system, db),
    sites: siteStore(env.SITES_TABLE, system, db),
    survey: { stations: registry.list },
    stream: siteStream(env.SIGNAL_STREAM, system),
    clock: system.clock,
  }),
  identifyCaller(callerRules(env.CALLER_RULES)),
);
