import { callPolicies } from '../../aws/call-policy.ts';
import { requestDigest } from '../../aws/commands/request-digest.ts';
import { participationStore } from '../../aws/demand-response/participation-store.ts';
import { planStore } from '../../aws/demand-response/plan-store.ts';
import { signalStore } from '../../aws/demand-response/signal-store.ts';
import { workflows } from '../../aws/demand-response/workflows.ts';
import { zoneNetwork } from '../../aws/demand-response/zone-network.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { freshSampleMs } from '../../domain/demand-response/present-load-w.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { resolver } from '../../runtime/resolver.ts';
import { callerRules, identifyCaller } from '../../use-cases/fields/identify-caller.ts';
import { serveDemandResponse } from '../../use-cases/serve-demand-response/serve-demand-response.ts';
import { Env } from './env.ts';

/** Everything serve-demand-response is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);
  const db = documentClient(callPolicies.query, open);

  return {
    handler: resolver(
      serveDemandResponse({
        signals: signalStore(env.GRID_TABLE, db),
        participations: participationStore(env.GRID_TABLE, system, db),
        plans: planStore(env.GRID_TABLE, system, db),
        network: zoneNetwork(
          { stations: env.STATIONS_TABLE, connectors: env.CONNECTORS_TABLE, grid: env.GRID_TABLE },
          system,
          db,
          freshSampleMs(env.METER_INTERVAL_SEC),
        ),
        workflows: workflows(env.STATE_MACHINE, open),
        digest: requestDigest,
        system,
      }),
      identifyCaller(callerRules(env.CALLER_RULES)),
    ),
  };
};
