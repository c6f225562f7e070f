import { execFileSync } from 'node:child_process';

type Row = { readonly pid: number; readonly parent: number; readonly rssKb: number };

const rows = (): Row[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid, parent, rssKb]) =>
      pid === undefined || parent === undefined || rssKb === undefined ? [] : [{ pid, parent, rssKb }],
    );

/** Resident memory of a process and all its descendants, MB, without the branches that are named. */
export const treeMemoryMb = (root: number, without: readonly number[] = []): number => {
  const all = rows();
  const sum = (pid: number): number =>
    without.includes(pid)
      ? 0
      : all
          .filter(({ parent }) => parent === pid)
          .reduce((total, child) => total + sum(child.pid), all.find((row) => row.pid === pid)?.rssKb ?? 0);
  return Math.round(sum(root) / 1024);
};
