import type { Journal } from './journal.ts';
import { type LocalSystem, pauses } from './local-system.ts';

/** Ends the waiting of a task that the next run will take up again. */
export class StackStops extends Error {
  override readonly name = 'StackStops';
}

/** Work that was accepted and is done sooner or later, by this run or by the next one. */
export type KeptTasks<Task> = {
  /** Resolves when the task is kept; it is under way then. */
  readonly add: (task: Task) => Promise<void>;
  /** Takes up what earlier runs left. */
  readonly resume: () => void;
  /** Ends all waiting; what is not done by then stays kept. */
  readonly stop: () => void;
};

export type KeptTaskEntry<Task> =
  | { readonly id: string; readonly task: Task }
  | { readonly id: string; readonly done: true };

export type KeptTasksPorts<Task> = {
  readonly open: (current: () => Iterable<KeptTaskEntry<Task>>) => Promise<Journal<KeptTaskEntry<Task>>>;
  readonly report: (problem: string) => void;
  readonly system: LocalSystem;
};

/**
 * Tasks kept in a journal until `run` has resolved; it tells its own failures and does not reject. It waits with the `sleep`
 * it is given, which rejects with StackStops when the stack stops.
 */
export const keptTasks = async <Task>(
  run: (task: Task, sleep: LocalSystem['sleep']) => Promise<void>,
  { open, report, system }: KeptTasksPorts<Task>,
): Promise<KeptTasks<Task>> => {
  const undone = new Map<string, Task>();
  const journal = await open(() => [...undone].map(([id, task]) => ({ id, task })));
  for (const entry of journal.entries)
    if ('done' in entry) undone.delete(entry.id);
    else undone.set(entry.id, entry.task);

  let stopped = false;
  const waiting = pauses(system);
  const sleep = async (durationMs: number) => {
    await waiting.pause(durationMs);
    if (stopped) throw new StackStops();
  };
  const start = (id: string, task: Task) => {
    const finish = async () => {
      await run(task, sleep);
      undone.delete(id);
      await journal.append({ id, done: true });
    };
    finish().catch((error: unknown) => {
      if (!stopped) report(error instanceof Error ? (error.stack ?? error.message) : String(error));
    });
  };
  return {
    add: async (task) => {
      const id = system.uuid();
      undone.set(id, task);
      await journal.append({ id, task }).catch((error: unknown) => {
        // Whoever is told so gives it again.
        undone.delete(id);
        throw error;
      });
      start(id, task);
    },
    resume: () => {
      for (const [id, task] of [...undone]) start(id, task);
    },
    stop: () => {
      stopped = true;
      waiting.stop();
    },
  };
};
