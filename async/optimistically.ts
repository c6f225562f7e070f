import { retry } from './retry.ts';
import type { System } from './system.ts';

/** Others wrote first, again and again: a failure that passes. */
export class Contended extends Error {
  override readonly name = 'Contended';
}

const untilWritten = {
  isTransient: (error: unknown) => error instanceof Contended,
  attempts: 20,
  firstMs: 5,
  longestMs: 200,
};

/**
 * Reads, decides and writes under the revision that was read, from a fresh read as often as others write first: `attempt`
 * returns undefined then. Throws Contended after 20 attempts.
 */
export const optimistically = <Result>(system: System, attempt: () => Promise<Result | undefined>): Promise<Result> =>
  retry(
    async () => {
      const result = await attempt();
      if (result === undefined) throw new Contended('It changes faster than it can be written');
      return result;
    },
    untilWritten,
    system,
  );
