import type { CommandedStack } from './commanded-stack.ts';
import { heardOrStanding } from './heard-or-standing.ts';

/** A question that every station answers. */
export const question = 'GetLocalListVersion';

/** Calls of one queue whose distances are taken: as many as wait in a mailbox with room for others. */
export const PER_QUEUE = 20;

/** How a queue was worked off. */
export type WorkedOff = {
  /** What lay between an answer and the next call, ms. */
  readonly took: readonly number[];
  /** Calls that never arrived: their requests were too slow, and ended with their deadline. */
  readonly lost: number;
};

/** A station that has got the first call of a queue and holds its answer back. */
export type FilledQueue = {
  /** Lets it answer, each call at once: what lies between an answer and the next call is ours. */
  readonly work: () => Promise<WorkedOff>;
};

const LOOK_MS = 5_000;

/** Fills the mailbox of a station that does not answer yet, so that nobody else writes it while it is worked off. */
export const filledQueue = async (commanded: CommandedStack, stationId: string): Promise<FilledQueue> => {
  const { ask, heard, mailboxes, stations } = commanded;
  const { release } = stations.hold(stationId);
  const first = heard.next(stationId, question);
  for (let count = 0; count < PER_QUEUE; count += 1) await ask(stationId, question, '{}');
  await first;
  const isEmpty = async (): Promise<boolean> => {
    const { outstanding, queue } = await mailboxes.load(stationId);
    return outstanding === undefined && queue.length === 0;
  };
  return {
    work: async () => {
      let looked = heard.seen.length;
      const answeredAt = [release()];
      let isOver = false;
      const look = setInterval(() => {
        isEmpty().then(
          (empty) => {
            isOver = empty;
          },
          // A look that fails is repeated.
          (error: unknown) => console.error(`The mailbox of ${stationId} was not read: ${error}`),
        );
      }, LOOK_MS);
      try {
        await heardOrStanding(
          commanded,
          () => [stationId],
          () => {
            for (; looked < heard.seen.length; looked += 1) {
              const { stationId: of, at = 0 } = heard.seen[looked] ?? {};
              if (of === stationId) answeredAt.push(at);
            }
            return isOver || answeredAt.length === PER_QUEUE;
          },
        );
      } finally {
        clearInterval(look);
      }
      return {
        took: answeredAt.slice(1).map((at, index) => at - (answeredAt[index] ?? at)),
        lost: PER_QUEUE - answeredAt.length,
      };
    },
  };
};
