import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type KeptTaskEntry, type KeptTasks, keptTasks } from '../../local/kept-tasks.ts';
import { localSystem } from '../../local/local-system.ts';
import { journalClosedAtEnd } from '../support/journal-closed-at-end.ts';

const folder = mkdtempSync(join(tmpdir(), 'kept-tasks-'));
afterAll(() => rmSync(folder, { recursive: true }));
let runs = 0;

/** One run after another over the same file, as a stack that is killed and started again. */
const file = () => {
  runs += 1;
  const path = join(folder, `${runs}.jsonl`);
  return async (run: Parameters<typeof keptTasks<string>>[0]): Promise<KeptTasks<string>> => {
    const open = (current: () => Iterable<KeptTaskEntry<string>>) =>
      journalClosedAtEnd<KeptTaskEntry<string>>(path, current, 200);
    return await keptTasks(run, { open, report: expect.unreachable, system: localSystem });
  };
};
const never = () => new Promise<void>(() => undefined);
/** Resolves once the tasks that were started have been done. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 50));

describe('tasks that are kept', () => {
  it('are taken up by the next run where one was killed, and only those that were not done', async () => {
    const start = file();
    const first = await start((task) => (task === 'hangs' ? never() : Promise.resolve()));
    for (const task of ['done', 'hangs', 'done as well']) await first.add(task);
    await settled();
    const seen: string[] = [];
    const second = await start(async (task) => void seen.push(task));
    second.resume();
    await settled();
    const third = await start(async (task) => void seen.push(`${task} again`));
    third.resume();
    await settled();
    expect(seen).toEqual(['hangs']);
  });

  it('stay kept when the stack stops while they wait', async () => {
    const start = file();
    const first = await start(async (_task, sleep) => await sleep(60_000));
    await first.add('waits');
    first.stop();
    await settled();
    const seen: string[] = [];
    const second = await start(async (task) => void seen.push(task));
    second.resume();
    await settled();
    expect(seen).toEqual(['waits']);
  });

  it('are still there after the file was written anew many times', async () => {
    const start = file();
    const first = await start((task) => (task.startsWith('hangs') ? never() : Promise.resolve()));
    for (let n = 0; n < 100; n += 1) await first.add(n % 20 === 0 ? `hangs ${n}` : `done ${n}`);
    await settled();
    const seen: string[] = [];
    const second = await start(async (task) => void seen.push(task));
    second.resume();
    await settled();
    expect(seen.sort()).toEqual(['hangs 0', 'hangs 20', 'hangs 40', 'hangs 60', 'hangs 80']);
  });

  it('are not kept by a later writing of the file where they could not be noted, and their giver knows it', async () => {
    let kept: () => Iterable<KeptTaskEntry<string>> = () => [];
    const tasks = await keptTasks<string>(never, {
      open: async (current) => {
        kept = current;
        return {
          entries: [],
          append: async () => Promise.reject(new Error('no space left on device')),
          close: async () => undefined,
        };
      },
      report: expect.unreachable,
      system: localSystem,
    });
    await expect(tasks.add('given again elsewhere')).rejects.toThrow('no space left');
    expect([...kept()]).toEqual([]);
  });
});
