import type { DirtyMarks, PendingMark } from '../../use-cases/ports/dirty-marks.ts';
import type { Progress, SweepProgress } from '../../use-cases/ports/sweep/sweep-progress.ts';

/** Marks of roll-ups in memory. `clock` stamps them, ms. */
export const dirtyMarksInMemory = (clock: () => number = () => 0) => {
  const marks = new Map<string, PendingMark>();
  let stamps = 0;
  const store: DirtyMarks = {
    mark: async (some) => {
      for (const mark of some) {
        stamps += 1;
        marks.set(`${mark.kind}|${mark.key}|${mark.startAt}`, { ...mark, stamp: `${stamps}`, markedAt: clock() });
      }
    },
    pending: async (limit) => [...marks.values()].slice(0, limit),
    clear: async (some) => {
      for (const { kind, key, startAt, stamp } of some) {
        const name = `${kind}|${key}|${startAt}`;
        if (marks.get(name)?.stamp === stamp) marks.delete(name);
      }
    },
  };
  return { store, marks };
};

/** The progress of the sweep in memory. */
export const sweepProgressInMemory = (): SweepProgress => {
  let kept: Progress | undefined;
  return {
    read: async () => kept,
    put: async (progress) => {
      kept = progress;
    },
  };
};
