import { setTimeout as sleep } from 'node:timers/promises';
import { dirtyMarks } from '../../aws/dynamodb/dirty-marks.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { sweepProgress } from '../../aws/dynamodb/sweep-progress.ts';
import type { PollerState } from '../../local/lambda/event-sources/poll-shards.ts';
import type { StackCounts } from '../../local/stack/local-service.ts';
import { system } from '../../runtime/system.ts';
import type { SweepProgress } from '../../use-cases/ports/sweep/sweep-progress.ts';
import type { HostedStack } from './hosted-stack.ts';

/** What the stack has not worked off yet: how far each of its parts is, and how far behind. */
export type Backlog = ReadonlyMap<string, Left>;

/** `left` is for people; `position` changes whenever the part gets on; a part that is not behind has neither. */
type Left = { readonly left: string; readonly position: number };

/** Half of two windows of a minute: the sweep of a minute may still be running. */
const SWEPT_MS = 150_000;
/** The most marks that are counted. */
const MARKS = 5_000;

const ofSource = ({ behindMs, handled }: PollerState): Left | undefined =>
  behindMs === 0 ? undefined : { left: `${Math.round(behindMs / 1_000)} s behind`, position: handled };

/**
 * Asks what projector, history, publishing and all other event sources have in hand, and what the sweep has to make up for.
 * The stack is reached as the environment of this process says.
 */
export const backlogOf = ({ access, counts }: Pick<HostedStack, 'access' | 'counts'>): (() => Promise<Backlog>) => {
  const table = String(access.outputs.TimelineTable);
  const client = documentClient();
  const marksOfLateData = dirtyMarks(table, system, client);
  const swept = sweepProgress(table, client);
  return async () => leftOf(...(await Promise.all([counts(), marksOfLateData.pending(MARKS), swept.read()])));
};

const leftOf = (
  { sources }: StackCounts,
  marks: readonly unknown[],
  progress: Awaited<ReturnType<SweepProgress['read']>>,
): Backlog => {
  const sweptUntil = Math.min(...Object.values(progress?.whole ?? {}), ...Object.values(progress?.segments[0] ?? {}));
  const parts: (readonly [string, Left | undefined])[] = [
    ...Object.entries(sources).map(([id, state]) => [id, ofSource(state)] as const),
    [
      'sweep',
      Date.now() - sweptUntil < SWEPT_MS
        ? undefined
        : { left: `${Math.round((Date.now() - sweptUntil) / 1_000)} s behind`, position: sweptUntil },
    ],
    ['marks of late data', marks.length === 0 ? undefined : { left: `${marks.length}`, position: -marks.length }],
  ];
  return new Map(parts.flatMap(([name, left]) => (left === undefined ? [] : [[name, left] as const])));
};

export type Drained = {
  readonly tookMs: number;
  /** What stood still, and where; empty when all was worked off. */
  readonly stoodStill: readonly string[];
};

/**
 * Waits until nothing is left, for as long as what is left gets less: a part that got nowhere for `patienceMs` stands still,
 * and is told. Lag is no loss, however long it takes.
 */
export const drained = async (
  backlog: () => Promise<Backlog>,
  { everyMs, patienceMs }: { readonly everyMs: number; readonly patienceMs: number },
  now: () => number = performance.now.bind(performance),
): Promise<Drained> => {
  const startedAt = now();
  const best = new Map<string, { readonly position: number; readonly at: number }>();
  for (;;) {
    const left = await backlog();
    if (left.size === 0) return { tookMs: now() - startedAt, stoodStill: [] };
    for (const [name, { position }] of left) {
      const known = best.get(name);
      if (known === undefined || position > known.position) best.set(name, { position, at: now() });
    }
    const still = [...left].filter(([name]) => now() - (best.get(name)?.at ?? now()) >= patienceMs);
    if (still.length > 0)
      return { tookMs: now() - startedAt, stoodStill: still.map(([name, part]) => `${name}: ${part.left}`) };
    await sleep(everyMs);
  }
};
