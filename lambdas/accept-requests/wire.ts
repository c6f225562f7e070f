import { callPolicies } from '../../aws/call-policy.ts';
import { connectionSender } from '../../aws/commands/connection-sender.ts';
import { mailboxStore } from '../../aws/commands/mailbox-store.ts';
import { requestDigest } from '../../aws/commands/request-digest.ts';
import { wakeQueue } from '../../aws/commands/wake-queue.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { isTransient } from '../../aws/is-transient.ts';
import { eventBus } from '../../aws/messaging/event-bus.ts';
import { onBusEvent } from '../../runtime/on-bus-event.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { acceptRequest } from '../../use-cases/accept-requests/accept-request.ts';
import { Env } from './env.ts';

/** Everything accept-requests is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);
  const db = documentClient(callPolicies.consumer, open);

  return {
    handler: onBusEvent(
      acceptRequest({
        mailboxes: mailboxStore({ commands: env.COMMANDS_TABLE, stations: env.STATIONS_TABLE }, system, db),
        sender: connectionSender(env.SOCKETS_ENDPOINT, open),
        bus: eventBus(env.EVENT_BUS, open),
        digest: requestDigest,
        queue: wakeQueue(env.WAKE_QUEUE, system, open),
        isTransient,
        system,
        warn: sampledWarning(),
      }),
    ),
  };
};
