import { tableChange } from '../../aws/dynamodb/table-change.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import type { Target } from '../command-line/target.ts';
import { followers } from './followers.ts';

/** Does with a change of a table what every consumer of its stream does. Throws Rejected where nobody follows the table. */
export const tellChange = (target: Pick<Target, 'output'>): ((record: object) => Promise<void>) => {
  const all = Object.values(followers(target)).map(({ tables, tell }) => ({
    names: tables.map((name) => target.output(name)),
    tell,
  }));
  return async (changeRecord) => {
    const change = tableChange(changeRecord);
    const following = all.filter(({ names }) => names.includes(change.table));
    if (following.length === 0) throw new Rejected(`nobody follows table ${change.table}`);
    for (const { tell } of following) await tell(change);
  };
};
