import { callPolicies } from '../../aws/call-policy.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { liveNetwork } from '../../aws/dynamodb/live-network.ts';
import { sessionStore } from '../../aws/dynamodb/session-store.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { timeline } from '../../aws/dynamodb/timeline.ts';
import { openWindowStore, windowStoreChoice } from '../../aws/windows/open-window-store.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { resolver } from '../../runtime/resolver.ts';
import { callerRules, identifyCaller } from '../../use-cases/fields/identify-caller.ts';
import { queryHistory } from '../../use-cases/query-history/query-history.ts';
import { Env } from './env.ts';

/** Everything query-history is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);
  const db = documentClient(callPolicies.query, open);
  const tables = { connectors: env.CONNECTORS_TABLE, stations: env.STATIONS_TABLE };
  const { connectors, running } = liveNetwork(tables, system, db);

  return {
    handler: resolver(
      queryHistory({
        windows: openWindowStore(windowStoreChoice(env.WINDOW_STORE), system, callPolicies.query, open),
        sessions: sessionStore(env.SESSIONS_TABLE, db),
        running,
        timeline: timeline(env.TIMELINE_TABLE, system, db),
        registry: stationRegistry(env.STATIONS_TABLE, system, db),
        connectors,
        clock: system.clock,
      }),
      identifyCaller(callerRules(env.CALLER_RULES)),
    ),
  };
};
