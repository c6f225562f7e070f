/** The messages of one queue, oldest first. Queues here end lines (dead letters): people look at them, nothing polls them. */
export type Queues = {
  readonly send: (queueArn: string, body: string) => void;
  readonly messages: (queueArn: string) => readonly string[];
};

export const inMemoryQueues = (queueArns: readonly string[]): Queues => {
  const queues = new Map(queueArns.map((arn) => [arn, [] as string[]]));
  const queue = (arn: string) => {
    const found = queues.get(arn);
    if (found === undefined) throw new Error(`No queue ${arn}`);
    return found;
  };
  return { send: (arn, body) => void queue(arn).push(body), messages: (arn) => [...queue(arn)] };
};
