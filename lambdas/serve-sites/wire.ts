import { callPolicies } from '../../aws/call-policy.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { siteConfigurations, siteStore } from '../../aws/sites/site-store.ts';
import { siteStream } from '../../aws/sites/site-stream.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { resolver } from '../../runtime/resolver.ts';
import { callerRules, identifyCaller } from '../../use-cases/fields/identify-caller.ts';
import { serveSites } from '../../use-cases/serve-sites/serve-sites.ts';
import { Env } from './env.ts';

/** Everything serve-sites is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);
  const db = documentClient(callPolicies.query, open);
  const registry = stationRegistry(env.STATIONS_TABLE, system, db);

  return {
    handler: resolver(
      serveSites({
        configurations: siteConfigurations(env.SITES_TABLE, system, db),
        sites: siteStore(env.SITES_TABLE, system, db),
        survey: { stations: registry.list },
        stream: siteStream(env.SIGNAL_STREAM, system, open),
        clock: system.clock,
      }),
      identifyCaller(callerRules(env.CALLER_RULES)),
    ),
  };
};
