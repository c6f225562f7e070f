/** More work was waiting for its turn than could be done in time. */
export class TooMuchWaiting extends Error {
  override readonly name = 'TooMuchWaiting';
}

export type Turns = {
  /** How much is done at a time. */
  readonly concurrency: number;
  /** How much may wait; what comes on top is refused at once, not late. */
  readonly waiting: number;
};

/** Runs what it is given in the order in which it came, `concurrency` at a time; rejects with TooMuchWaiting beyond that. */
export const inTurn = ({ concurrency, waiting }: Turns) => {
  const queue: (() => void)[] = [];
  let running = 0;
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running >= concurrency) {
      if (queue.length >= waiting) throw new TooMuchWaiting(`${waiting} wait already`);
      // Whoever ends hands its place on: `running` stays as it is.
      await new Promise<void>((resolve) => queue.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
};
