import { callPolicies } from '../../aws/call-policy.ts';
import { requestDigest } from '../../aws/commands/request-digest.ts';
import { planStore } from '../../aws/demand-response/plan-store.ts';
import { signalStore } from '../../aws/demand-response/signal-store.ts';
import { workflows } from '../../aws/demand-response/workflows.ts';
import { zoneNetwork } from '../../aws/demand-response/zone-network.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { eventBus } from '../../aws/messaging/event-bus.ts';
import { connectOpenAdr } from '../../aws/openadr/connect-openadr.ts';
import { isSameSecret, openAdrCredentials } from '../../aws/openadr/openadr-credentials.ts';
import { openAdrStore } from '../../aws/openadr/openadr-store.ts';
import { siteStream } from '../../aws/sites/site-stream.ts';
import { freshSampleMs } from '../../domain/demand-response/present-load-w.ts';
import { onFunctionUrl } from '../../runtime/on-function-url.ts';
import { onSchedule } from '../../runtime/on-schedule.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { metered } from '../../runtime/sweep-metrics.ts';
import { pollOpenAdr } from '../../use-cases/poll-openadr/poll-openadr.ts';
import { receiveNotification } from '../../use-cases/poll-openadr/receive-notification.ts';
import { Env } from './env.ts';

/** Everything poll-openadr is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);
  const db = documentClient(callPolicies.query, open);
  const credentials = openAdrCredentials(env.CREDENTIALS, system, open);
  const store = openAdrStore(env.GRID_TABLE, db);
  const poll = pollOpenAdr({
    store,
    credentials,
    connect: connectOpenAdr(system),
    signals: signalStore(env.GRID_TABLE, db),
    plans: planStore(env.GRID_TABLE, system, db),
    network: zoneNetwork(
      { stations: env.STATIONS_TABLE, connectors: env.CONNECTORS_TABLE, grid: env.GRID_TABLE },
      system,
      db,
      freshSampleMs(env.METER_INTERVAL_SEC),
    ),
    meterIntervalSec: env.METER_INTERVAL_SEC,
    workflows: workflows(env.STATE_MACHINE, open),
    bus: eventBus(env.EVENT_BUS, open),
    stream: siteStream(env.SIGNAL_STREAM, system, open),
    digest: requestDigest,
    system,
    ...(env.CALLBACK_URL !== undefined && { callbackUrl: env.CALLBACK_URL }),
  });

  /** Every minute. */
  const handler = onSchedule(
    'poll-openadr',
    async (now) => metered(poll(), ({ problems }) => ({ OpenAdrProblems: problems.length }), env.STAGE, now),
    system.clock,
  );
  /** When a server notifies us. */
  const receiving = { servers: store.servers, credentials, isSame: isSameSecret, poll, clock: system.clock };
  const notified = onFunctionUrl('notified', receiveNotification(receiving));
  return { handler, notified };
};
