import type { System } from './system.ts';

/** Work took longer than somebody could wait for it. It goes on, and its outcome is not looked at. */
export class TookTooLong extends Error {
  override readonly name = 'TookTooLong';
  readonly limitMs: number;
  constructor(limitMs: number) {
    super(`Not done within ${limitMs} ms`);
    this.limitMs = limitMs;
  }
}

/** Why a timer is stopped. Without a reason of its own, a signal makes an error with a stack trace each time. */
const NOT_NEEDED = 'The work was done in time';

/** What the work resolves to, or TookTooLong after `limitMs`. */
export const within = async <Result>(
  work: Promise<Result>,
  limitMs: number,
  sleep: System['sleep'],
): Promise<Result> => {
  const settled = new AbortController();
  const late = sleep(limitMs, settled.signal).then((): never => {
    throw new TookTooLong(limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    settled.abort(NOT_NEEDED);
  }
};
