import type { TableName } from '../../lib/stores/tables.ts';
import { tableStreamReader } from '../../local/dynamodb/table-stream-reader.ts';
import type { StreamRecord } from '../../local/lambda/event-sources/poll-shards.ts';
import type { FunctionName } from './deployed-functions.ts';
import type { MeteredServices } from './metered-services.ts';

/** Who follows which table's changes. */
export const followers = {
  stations: ['record-history', 'publish-changes'],
  connectors: ['record-history', 'publish-changes'],
  alerts: ['publish-changes', 'announce-alerts'],
  commands: ['relay-commands'],
  grid: ['publish-changes'],
} as const satisfies Partial<Record<TableName, readonly FunctionName[]>>;
export type Followed = keyof typeof followers;

/** Reads the change streams of the followed tables, each from where it was read last. */
export const tableChanges = async (services: MeteredServices) => {
  const readers = new Map(
    await Promise.all(
      Object.keys(followers).map(async (table) => {
        const arn = `arn:aws:dynamodb:local:000000000000:table/${table}/stream/x`;
        const reader = await tableStreamReader(services.unmetered, arn, {
          region: 'local',
          accountId: '000000000000',
        } as never);
        return [table as Followed, { reader, iterators: new Map<string, string | undefined>() }] as const;
      }),
    ),
  );

  return async (table: Followed): Promise<readonly StreamRecord[]> => {
    const followed = readers.get(table);
    if (followed === undefined) throw new Error(`Nobody reads the changes of ${table}`);
    const { reader, iterators } = followed;
    if (iterators.size === 0)
      for (const { shardId } of await reader.shards())
        iterators.set(shardId, await reader.iterator(shardId, undefined));
    const found: StreamRecord[] = [];
    for (const [shardId, iterator] of iterators) {
      if (iterator === undefined) throw new Error(`The changes of ${table} go on in another shard`);
      const page = await reader.read(iterator, shardId, 1_000);
      iterators.set(shardId, page.next);
      found.push(...page.records);
    }
    return found;
  };
};
