import { callPolicies } from '../../aws/call-policy.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { liveNetwork } from '../../aws/dynamodb/live-network.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { siteConfigurations, siteStore } from '../../aws/sites/site-store.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { resolver } from '../../runtime/resolver.ts';
import { callerRules, identifyCaller } from '../../use-cases/fields/identify-caller.ts';
import { queryNetwork } from '../../use-cases/query-network/query-network.ts';
import { Env } from './env.ts';

/** Everything query-network is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);
  const db = documentClient(callPolicies.query, open);

  return {
    handler: resolver(
      queryNetwork({
        network: liveNetwork({ connectors: env.CONNECTORS_TABLE, stations: env.STATIONS_TABLE }, system, db),
        registry: stationRegistry(env.STATIONS_TABLE, system, db),
        configurations: siteConfigurations(env.SITES_TABLE, system, db),
        control: siteStore(env.SITES_TABLE, system, db),
        clock: system.clock,
      }),
      identifyCaller(callerRules(env.CALLER_RULES)),
    ),
  };
};
