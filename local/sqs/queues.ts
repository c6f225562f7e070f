import type { Journal } from '../journal.ts';
import type { LocalSystem } from '../local-system.ts';

export type QueueMessage = { readonly messageId: string; readonly body: string };

/** A message as it is kept: received by nobody before `visibleAt` (ms since the epoch); an entry that is done ends it. */
export type QueueEntry =
  | (QueueMessage & { readonly queueArn: string; readonly visibleAt: number })
  | { readonly messageId: string; readonly isDone: true };

type Kept = Extract<QueueEntry, { body: string }>;

/** Handles a batch and tells the ids of the messages it could not handle. A failure is one of all of them. */
export type ConsumeMessages = (messages: readonly QueueMessage[]) => Promise<readonly string[]>;

export type QueueSettings = {
  readonly arn: string;
  /** How long a message that was handed over and not handled stays invisible. */
  readonly visibilityTimeoutMs: number;
};

/** Queues of messages. One without a consumer keeps what it is sent: dead letters, which people look at. */
export type Queues = {
  /** The message can be received after `delayMs`. Resolves when it is kept. */
  readonly send: (queueArn: string, body: string, delayMs?: number) => Promise<QueueMessage>;
  /** Messages that can be received, oldest first. */
  readonly messages: (queueArn: string) => readonly string[];
  /** Hands every message over as soon as it can be received, at most `batchSize` at once. */
  readonly consume: (queueArn: string, batchSize: number, consume: ConsumeMessages) => void;
  /** Hands nothing over any more, and resolves when what was handed over is done. */
  readonly stop: () => Promise<void>;
};

type Consumer = { readonly batchSize: number; readonly consume: ConsumeMessages };

export const openQueues = async (
  settings: readonly QueueSettings[],
  open: (current: () => Iterable<QueueEntry>) => Promise<Journal<QueueEntry>>,
  { after, clock, uuid }: Pick<LocalSystem, 'after' | 'clock' | 'uuid'>,
  report: (problem: string) => void,
): Promise<Queues> => {
  const timeouts = new Map(settings.map(({ arn, visibilityTimeoutMs }) => [arn, visibilityTimeoutMs]));
  const kept = new Map<string, Kept>();
  const visible = new Map(settings.map(({ arn }) => [arn, [] as Kept[]]));
  const consumers = new Map<string, Consumer>();
  const running = new Set<Promise<void>>();
  let isStopping = false;

  const visibleIn = (queueArn: string): Kept[] => {
    const found = visible.get(queueArn);
    if (found === undefined) throw new Error(`No queue ${queueArn}`);
    return found;
  };

  const show = (entry: Kept, delayMs: number): void => {
    const appear = () => {
      visibleIn(entry.queueArn).push(entry);
      // One turn later, so that messages which appear together are handed over together.
      after(0, () => handOver(entry.queueArn));
    };
    if (delayMs <= 0) appear();
    else after(delayMs, appear);
  };

  const runBatch = async (queueArn: string, batch: readonly Kept[], { consume }: Consumer): Promise<void> => {
    const failed = await consume(batch.map(({ messageId, body }) => ({ messageId, body }))).catch(() =>
      batch.map(({ messageId }) => messageId),
    );
    // Before the others, which may be impossible to note: these come again all the same.
    for (const entry of batch.filter(({ messageId }) => failed.includes(messageId)))
      show(entry, timeouts.get(queueArn) ?? 0);
    for (const { messageId } of batch.filter((entry) => !failed.includes(entry.messageId))) {
      kept.delete(messageId);
      await journal.append({ messageId, isDone: true });
    }
  };

  const handOver = (queueArn: string): void => {
    const consumer = consumers.get(queueArn);
    const waiting = visibleIn(queueArn);
    if (isStopping || consumer === undefined || waiting.length === 0) return;
    const run = runBatch(queueArn, waiting.splice(0, consumer.batchSize), consumer)
      // What was handled and could not be noted comes again after the next start.
      .catch((error) => report(`${queueArn}: ${error instanceof Error ? error.message : error}`))
      .finally(() => running.delete(run));
    running.add(run);
    handOver(queueArn);
  };

  const journal = await open(() => kept.values());
  for (const entry of journal.entries) {
    if ('isDone' in entry) kept.delete(entry.messageId);
    else kept.set(entry.messageId, entry);
  }
  for (const entry of kept.values()) show(entry, entry.visibleAt - clock());

  return {
    send: async (queueArn, body, delayMs = 0) => {
      visibleIn(queueArn);
      const entry = { queueArn, messageId: uuid(), body, visibleAt: clock() + delayMs };
      kept.set(entry.messageId, entry);
      await journal.append(entry).catch((error: unknown) => {
        // Whoever is told so sends it again.
        kept.delete(entry.messageId);
        throw error;
      });
      show(entry, delayMs);
      return { messageId: entry.messageId, body };
    },
    messages: (queueArn) => visibleIn(queueArn).map(({ body }) => body),
    consume: (queueArn, batchSize, consume) => {
      consumers.set(queueArn, { batchSize, consume });
      handOver(queueArn);
    },
    stop: async () => {
      isStopping = true;
      await Promise.all(running);
    },
  };
};
