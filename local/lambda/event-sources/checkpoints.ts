import type { Journal } from '../../journal.ts';

/** How far one event source is in each shard of its stream. */
export type Checkpoints = {
  /** The last record that was handled; undefined: none. */
  readonly of: (shardId: string) => string | undefined;
  readonly all: () => readonly (readonly [shardId: string, sequenceNumber: string])[];
  readonly set: (shardId: string, sequenceNumber: string) => void;
};

export type CheckpointEntry = {
  readonly source: string;
  readonly shardId: string;
  readonly sequenceNumber: string;
};

/**
 * Checkpoints of all event sources, by the id of the mapping. Nobody waits until one is on disk: a record that is handed
 * over again after a crash is harmless.
 */
export const openCheckpoints = async (
  open: (current: () => Iterable<CheckpointEntry>) => Promise<Journal<CheckpointEntry>>,
  report: (problem: string) => void,
): Promise<(source: string) => Checkpoints> => {
  const entries = new Map<string, CheckpointEntry>();
  const keyOf = (source: string, shardId: string) => `${source} ${shardId}`;
  const journal = await open(() => entries.values());
  for (const entry of journal.entries) entries.set(keyOf(entry.source, entry.shardId), entry);
  return (source) => ({
    of: (shardId) => entries.get(keyOf(source, shardId))?.sequenceNumber,
    all: () =>
      [...entries.values()]
        .filter((entry) => entry.source === source)
        .map(({ shardId, sequenceNumber }) => [shardId, sequenceNumber] as const),
    set: (shardId, sequenceNumber) => {
      const entry = { source, shardId, sequenceNumber };
      entries.set(keyOf(source, shardId), entry);
      journal.append(entry).catch((error: unknown) => report(`Checkpoint of ${source}: ${String(error)}`));
    },
  });
};
