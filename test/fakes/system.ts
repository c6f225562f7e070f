import type { System } from '../../async/system.ts';

/** A clock that stands still but for what is slept; chance that always comes up the same. Nothing here waits. */
export const fakeSystem = ({ now = 0, chance = 1 }: { now?: number; chance?: number } = {}): System => {
  let current = now;
  return {
    clock: () => current,
    sleep: async (durationMs) => {
      current += durationMs;
    },
    random: () => chance,
  };
};
