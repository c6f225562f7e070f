import type { LocalSystem } from '../../local/local-system.ts';
import { type VirtualClock, virtualClock } from '../../simulator/clock.ts';
import type { Random } from '../../simulator/random.ts';

export type VirtualTime = {
  readonly clock: VirtualClock;
  /** The same clock and chance as the runtime of the stack takes them. */
  readonly system: LocalSystem;
};

/** An id in the form of a UUID, drawn from a seed. */
export const uuidFrom = (chance: Random): string => {
  const word = (): string =>
    Math.floor(chance.next() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const [one, two, three, four] = [word(), word(), word(), word()];
  return `${one}-${two.slice(0, 4)}-4${two.slice(5)}-8${three.slice(1, 4)}-${three.slice(4)}${four}`;
};

/** Time that passes when it is told to, from `startAt` (ms since the epoch), and chance that comes from a seed. */
export const virtualTime = (startAt: number, chance: Random): VirtualTime => {
  const exact = virtualClock(startAt);
  // Clocks of machines tell whole milliseconds.
  const clock: VirtualClock = { ...exact, after: (delayMs, run) => exact.after(Math.ceil(delayMs), run) };
  const ids = chance.fork('ids');
  const draws = chance.fork('draws');
  const every: LocalSystem['every'] = (durationMs, run) => {
    let cancel = () => {};
    const plan = (): void => {
      cancel = clock.after(durationMs, () => {
        plan();
        run();
      });
    };
    plan();
    return () => cancel();
  };
  return {
    clock,
    system: {
      clock: clock.now,
      elapsedMs: clock.elapsedMs,
      after: clock.after,
      every,
      random: draws.next,
      uuid: () => uuidFrom(ids),
      sleep: (durationMs, signal) =>
        new Promise((resolve, reject) => {
          const stop = (): void => {
            cancel();
            reject(signal?.reason);
          };
          const cancel = clock.after(durationMs, () => {
            signal?.removeEventListener('abort', stop);
            resolve();
          });
          if (signal?.aborted) stop();
          else signal?.addEventListener('abort', stop, { once: true });
        }),
    },
  };
};
