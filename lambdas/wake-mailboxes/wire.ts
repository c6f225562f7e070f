import { callPolicies } from '../../aws/call-policy.ts';
import { connectionSender } from '../../aws/commands/connection-sender.ts';
import { mailboxStore } from '../../aws/commands/mailbox-store.ts';
import { requestDigest } from '../../aws/commands/request-digest.ts';
import { queuedIn, wakeQueue } from '../../aws/commands/wake-queue.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { isTransient } from '../../aws/is-transient.ts';
import { eventBus } from '../../aws/messaging/event-bus.ts';
import { onQueue } from '../../runtime/on-queue.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { acceptRequest } from '../../use-cases/accept-requests/accept-request.ts';
import { answerQueued, answerWakeUp } from '../../use-cases/send-command/answer-wake-up.ts';
import { settleReply } from '../../use-cases/send-command/settle-reply.ts';
import { wakeMailbox } from '../../use-cases/send-command/wake-mailbox.ts';
import { Env } from './env.ts';

/** Everything wake-mailboxes is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);
  const db = documentClient(callPolicies.consumer, open);
  const warn = sampledWarning();
  const commands = {
    mailboxes: mailboxStore({ commands: env.COMMANDS_TABLE, stations: env.STATIONS_TABLE }, system, db),
    sender: connectionSender(env.SOCKETS_ENDPOINT, open),
    system,
    warn,
  };
  const queue = wakeQueue(env.WAKE_QUEUE, system, open);
  const bus = eventBus(env.EVENT_BUS, open);
  const answer = answerWakeUp({
    mailbox: wakeMailbox(commands),
    settle: settleReply(commands),
    queue,
    system,
    warn,
  });

  const accept = acceptRequest({ ...commands, bus, digest: requestDigest, queue, isTransient });
  const handle = answerQueued(answer, accept);

  return { handler: onQueue({ handle: (body) => handle(queuedIn(body)), warn }) };
};
