import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isRunning } from '../cli/command-line/is-running.ts';
import { LocalProblem } from './local-problem.ts';

/** A file that says which process uses a folder: two stacks would overwrite each other's files. */
export type RunningNote = {
  /** Throws LocalProblem when another process uses the folder. */
  readonly refuseSecond: () => void;
  /** Says that this process does, with what others want to know about it; the result takes the note away. */
  readonly leave: (facts?: object) => () => void;
};

export const runningNote = (file: string): RunningNote => ({
  refuseSecond: () => {
    if (!existsSync(file)) return;
    // What cannot be read was left by a start that was cut off, and runs no more.
    const [, pid] = /"pid":\s*(\d+)/.exec(readFileSync(file, 'utf8')) ?? [];
    // Containers give the same numbers again: a note with our own is from before.
    if (pid !== undefined && Number(pid) !== process.pid && isRunning(Number(pid)))
      throw new LocalProblem(
        `A local stack already runs in this folder (process ${pid})`,
        `Stop it with Ctrl-C first; if there is none, delete ${file}.`,
      );
  },
  leave: (facts = {}) => {
    writeFileSync(file, JSON.stringify({ pid: process.pid, ...facts }, null, 2));
    return () => rmSync(file, { force: true });
  },
});
