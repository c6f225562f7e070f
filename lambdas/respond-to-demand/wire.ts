import { callPolicies } from '../../aws/call-policy.ts';
import { connectionSender } from '../../aws/commands/connection-sender.ts';
import { mailboxStore } from '../../aws/commands/mailbox-store.ts';
import { requestDigest } from '../../aws/commands/request-digest.ts';
import { planStore } from '../../aws/demand-response/plan-store.ts';
import { sentCommands } from '../../aws/demand-response/sent-commands.ts';
import { signalStore } from '../../aws/demand-response/signal-store.ts';
import { zoneNetwork } from '../../aws/demand-response/zone-network.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { liveNetwork } from '../../aws/dynamodb/live-network.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { siteConfigurations } from '../../aws/sites/site-store.ts';
import { siteStream } from '../../aws/sites/site-stream.ts';
import { openWindowStore, windowStoreChoice } from '../../aws/windows/open-window-store.ts';
import { freshSampleMs } from '../../domain/demand-response/present-load-w.ts';
import { lambda } from '../../runtime/lambda.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { runStep } from '../../use-cases/respond-to-demand/run-step.ts';
import type { StepRequest } from '../../use-cases/respond-to-demand/step.ts';
import { readWindows } from '../../use-cases/roll-up-windows/read-windows.ts';
import { Env } from './env.ts';

/** A mailbox and a command for each of ten stations: more take longer, and the first station waits for it. */
const ITEMS_PER_TRANSACTION = 20;

/** Everything respond-to-demand is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);
  const db = documentClient(callPolicies.query, open);
  const run = runStep({
    signals: signalStore(env.GRID_TABLE, db),
    plans: planStore(env.GRID_TABLE, system, db),
    network: zoneNetwork(
      { stations: env.STATIONS_TABLE, connectors: env.CONNECTORS_TABLE, grid: env.GRID_TABLE },
      system,
      db,
      freshSampleMs(env.METER_INTERVAL_SEC),
    ),
    commands: sentCommands(env.COMMANDS_TABLE, system, db),
    mailboxes: mailboxStore({ commands: env.COMMANDS_TABLE, stations: env.STATIONS_TABLE }, system, db, {
      itemsPerTransaction: ITEMS_PER_TRANSACTION,
    }),
    sender: connectionSender(env.SOCKETS_ENDPOINT, open),
    windows: readWindows({
      windows: openWindowStore(windowStoreChoice(env.WINDOW_STORE), system, callPolicies.query, open),
      registry: stationRegistry(env.STATIONS_TABLE, system, db),
      connectors: liveNetwork({ connectors: env.CONNECTORS_TABLE, stations: env.STATIONS_TABLE }, system, db)
        .connectors,
      clock: system.clock,
    }),
    configurations: siteConfigurations(env.SITES_TABLE, system, db),
    siteStream: siteStream(env.SIGNAL_STREAM, system, open),
    digest: requestDigest,
    meterIntervalSec: env.METER_INTERVAL_SEC,
    system,
    warn: sampledWarning(),
  });

  /** A task of the state machine: its definition says what it is asked. */
  return { handler: lambda('task', (request: StepRequest) => run(request)) };
};
