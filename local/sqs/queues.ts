import type { Journal } from '../journal.ts';

/** The messages of each queue, oldest first. Queues here end lines (dead letters): people look at them, nothing polls them. */
export type Queues = {
  /** Resolves when the message is kept. */
  readonly send: (queueArn: string, body: string) => Promise<void>;
  readonly messages: (queueArn: string) => readonly string[];
};

export type QueueEntry = { readonly queueArn: string; readonly messageId: string; readonly body: string };

export const openQueues = async (
  queueArns: readonly string[],
  open: (current: () => Iterable<QueueEntry>) => Promise<Journal<QueueEntry>>,
  uuid: () => string,
): Promise<Queues> => {
  const messages = new Map<string, QueueEntry>();
  const journal = await open(() => messages.values());
  for (const entry of journal.entries) messages.set(entry.messageId, entry);
  const known = (queueArn: string) => {
    if (!queueArns.includes(queueArn)) throw new Error(`No queue ${queueArn}`);
    return queueArn;
  };
  return {
    send: async (queueArn, body) => {
      const entry = { queueArn: known(queueArn), messageId: uuid(), body };
      messages.set(entry.messageId, entry);
      await journal.append(entry);
    },
    messages: (queueArn) =>
      [...messages.values()].filter((entry) => entry.queueArn === known(queueArn)).map(({ body }) => body),
  };
};
