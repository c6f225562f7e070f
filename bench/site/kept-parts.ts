import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GroupResult, GroupTask } from './run-group.ts';

/** Parts of a bench that are finished, in a folder: a run that is ended halfway goes on from them. */
export type KeptParts = {
  readonly find: (task: GroupTask) => GroupResult | undefined;
  readonly keep: (task: GroupTask, result: GroupResult) => void;
};

/** Without a folder nothing is kept. */
export const keptParts = (folder: string | undefined): KeptParts => {
  if (folder === undefined) return { find: () => undefined, keep: () => {} };
  mkdirSync(folder, { recursive: true });
  const fileOf = ({ variant, seed, hours, sites }: GroupTask): string =>
    join(folder, `${encodeURIComponent(`${variant}, sites ${sites.join('+')}, ${hours} h, seed ${seed}`)}.json`);
  return {
    find: (task) => {
      const file = fileOf(task);
      return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
    },
    keep: (task, result) => writeFileSync(fileOf(task), JSON.stringify(result)),
  };
};
