/** A Ctrl-C comes twice: from the terminal, and from npm, which passes on what it was sent itself. */
const SAME_MS = 1_000;

/**
 * What to call for every signal that is to end a process: the first is a wish to stop, a later one not to wait for that any
 * longer. `elapsedMs` is the time since a fixed moment, ms.
 */
export const interrupts = (elapsedMs: () => number, stop: () => void, force: () => void): (() => void) => {
  let stoppedAt: number | undefined;
  return () => {
    if (stoppedAt === undefined) {
      stoppedAt = elapsedMs();
      stop();
    } else if (elapsedMs() - stoppedAt > SAME_MS) force();
  };
};
