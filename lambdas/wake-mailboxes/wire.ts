import { callPolicies } from '../../aws/call-policy.ts';
import { connectionSender } from '../../aws/commands/connection-sender.ts';
import { mailboxStore } from '../../aws/commands/mailbox-store.ts';
import { queuedIn, wakeQueue } from '../../aws/commands/wake-queue.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { onQueue } from '../../runtime/on-queue.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { answerWakeUp } from '../../use-cases/send-command/answer-wake-up.ts';
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
  const answer = answerWakeUp({
    mailbox: wakeMailbox(commands),
    settle: settleReply(commands),
    queue: wakeQueue(env.WAKE_QUEUE, system, open),
    system,
    warn,
  });

  return { handler: onQueue({ handle: (body) => answer(queuedIn(body)), warn }) };
};
