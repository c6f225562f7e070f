/** The timers of one station, so that all of them can be stopped at once. */
export type Timers = {
  readonly after: (delayMs: number, run: () => void) => NodeJS.Timeout;
  /** Runs again and again, each time after the delay that is asked for then; one per name. */
  readonly every: (name: string, delayMs: () => number, run: () => void) => void;
  readonly cancel: (timer: NodeJS.Timeout) => void;
  readonly clear: () => void;
};

export const timers = (): Timers => {
  const running = new Set<NodeJS.Timeout>();
  const named = new Map<string, NodeJS.Timeout>();
  let cleared = false;
  const after = (delayMs: number, run: () => void): NodeJS.Timeout => {
    const timer = setTimeout(() => {
      running.delete(timer);
      if (!cleared) run();
    }, delayMs);
    running.add(timer);
    return timer;
  };
  const cancel = (timer: NodeJS.Timeout) => {
    clearTimeout(timer);
    running.delete(timer);
  };
  const every: Timers['every'] = (name, delayMs, run) => {
    const before = named.get(name);
    if (before) cancel(before);
    named.set(
      name,
      after(Math.max(1000, delayMs()), () => {
        run();
        every(name, delayMs, run);
      }),
    );
  };
  return {
    after,
    every,
    cancel,
    clear: () => {
      cleared = true;
      for (const timer of running) clearTimeout(timer);
      running.clear();
    },
  };
};
