import { type LocalSystem, localSystem } from '../../local/local-system.ts';

/** A system in which waiting takes no time: as soon as nothing else is to be done, its clock jumps to the next timer. */
export const skippingSystem = (startsAt: number): LocalSystem => {
  let now = startsAt;
  const timers = new Set<{ readonly due: number; readonly run: () => void }>();
  const skip = () => {
    const [next] = [...timers].sort((one, other) => one.due - other.due);
    if (next === undefined) return;
    timers.delete(next);
    now = Math.max(now, next.due);
    next.run();
  };
  const after: LocalSystem['after'] = (durationMs, run) => {
    const timer = { due: now + durationMs, run };
    timers.add(timer);
    setImmediate(skip);
    return () => void timers.delete(timer);
  };
  return {
    ...localSystem,
    clock: () => now,
    elapsedMs: () => now,
    random: () => 0.5,
    sleep: (durationMs) => new Promise((resolve) => void after(durationMs, resolve)),
    after,
  };
};
