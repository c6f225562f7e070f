import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { LocalProblem } from './local-problem.ts';

/** Two stacks in one folder would pull the files away from under each other. Throws LocalProblem when another one runs. */
export const refuseSecond = (noteFile: string): void => {
  if (!existsSync(noteFile)) return;
  // What cannot be read was left by a start that was cut off, and runs no more.
  const [, pid] = /"pid":\s*(\d+)/.exec(readFileSync(noteFile, 'utf8')) ?? [];
  if (pid !== undefined && isRunning(Number(pid)))
    throw new LocalProblem(
      `A local stack already runs in this folder (process ${pid})`,
      `Stop it with Ctrl-C first; if there is none, delete ${noteFile}.`,
    );
};

/** Leaves a note that this process runs, with what others want to know about it; the result takes it away. */
export const leaveNote = (noteFile: string, facts: object = {}): (() => void) => {
  writeFileSync(noteFile, JSON.stringify({ pid: process.pid, ...facts }, null, 2));
  return () => rmSync(noteFile, { force: true });
};

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};
