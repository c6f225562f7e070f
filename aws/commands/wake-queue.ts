import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { chunksOf } from '../../async/chunks-of.ts';
import type { System } from '../../async/system.ts';
import { ocppVersions } from '../../ocpp/frames/envelope.ts';
import type { HeldRequest, UnsettledReply, WakeQueue, WakeUp } from '../../use-cases/ports/commands/wake-queue.ts';
import { callPolicies } from '../call-policy.ts';
import { type OpenClient, openPatiently } from '../open-client.ts';

const PER_REQUEST = 10;
const LONGEST_DELAY_S = 900;

/** The queue's URL names the queue; where requests go is the SDK's own affair, as for every other service. */
const endpointOfSdk = { useQueueUrlAsEndpoint: false };

/** The queue did not take some messages; `name` is the code it gave, such as InternalError, which says whether that may pass. */
class NotQueued extends Error {
  constructor(code: string, message: string) {
    super(message);
    this.name = code;
  }
}

/** The queue in SQS: each wake-up is delayed until it is due. */
export const wakeQueue = (
  queueUrl: string,
  { clock }: Pick<System, 'clock'>,
  open: OpenClient = openPatiently,
): WakeQueue => {
  const client = open(SQSClient, callPolicies.consumer, endpointOfSdk);
  const send = async (messages: readonly { readonly content: object; readonly dueAt: number }[]): Promise<void> => {
    const now = clock();
    const Entries = messages.map(({ content, dueAt }, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify(content),
      DelaySeconds: Math.min(LONGEST_DELAY_S, Math.max(0, Math.ceil((dueAt - now) / 1_000))),
    }));
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    // What cannot pass concerns the message, and is told rather than what may.
    const failed = Failed.find(({ SenderFault }) => SenderFault) ?? Failed[0];
    if (failed === undefined) return;
    const { Code = 'InternalError' } = failed;
    throw new NotQueued(Code, `${Failed.length} messages are not queued: ${Code}`);
  };
  return {
    schedule: async (wakeUps) => {
      for (const chunk of chunksOf(wakeUps, PER_REQUEST))
        await send(chunk.map(({ stationId, dueAt }) => ({ content: { stationId, dueAt }, dueAt })));
    },
    settle: (reply, dueAt = 0) => send([{ content: reply, dueAt }]),
    hold: (request, dueAt) => send([{ content: request, dueAt }]),
  };
};

/** Reads a message of the queue. Throws for one that nobody of us wrote. */
export const queuedIn = (body: string): WakeUp | UnsettledReply | HeldRequest => {
  const { stationId, dueAt, ocpp, frame, receivedAt, ...request } = JSON.parse(body);
  if (typeof stationId === 'string' && typeof dueAt === 'number') return { stationId, dueAt };
  const version = ocppVersions.find((one) => one === ocpp);
  const isReply = typeof stationId === 'string' && typeof frame === 'string' && typeof receivedAt === 'number';
  if (isReply && version !== undefined) return { stationId, ocpp: version, frame, receivedAt };
  const { source, account, detail, heldSince } = request;
  const isRequest = typeof source === 'string' && typeof account === 'string' && typeof heldSince === 'number';
  if (isRequest) return { source, account, detail, heldSince };
  throw new Error(`Neither a wake-up, a reply nor a request: ${body}`);
};
