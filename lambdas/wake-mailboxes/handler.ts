import { callPolicies } from '../../aws/call-policy.ts';
import { connectionSender } from '../../aws/commands/connection-sender.ts';
import { mailboxStore } from '../../aws/commands/mailbox-store.ts';
import { queuedIn, wakeQueue } from '../../aws/commands/wake-queue.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { onQueue } from '../../runtime/on-queue.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { system } from '../../runtime/system.ts';
import { answerWakeUp } from '../../use-cases/send-command/answer-wake-up.ts';
import { settleReply } from '../../use-cases/send-command/settle-reply.ts';
import { wakeMailbox } from '../../use-cases/send-command/wake-mailbox.ts';
import { Env } from './env.ts';

const env = Env.parse(process.env);
const db = documentClient(callPolicies.consumer);
const warn = sampledWarning();
const commands = {
  mailboxes: mailboxStore({ commands: env.COMMANDS_TABLE, stations: env.STATIONS_TABLE }, system, db),
  sender: connectionSender(env.SOCKETS_ENDPOINT),
  system,
  warn,
};
const answer = answerWakeUp({
  mailbox: wakeMailbox(commands),
  settle: settleReply(commands),
  queue: wakeQueue(env.WAKE_QUEUE, system),
  system,
  warn,
});

export const handler = onQueue({ handle: (body) => answer(queuedIn(body)), warn });
