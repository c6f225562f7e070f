import type { World } from './world.ts';

/** Whether no planned fault, but those named, lasts at any time between two instants, ms since the epoch. */
export const isQuietBetween = (
  { plan, startedAt }: Pick<World, 'plan' | 'startedAt'>,
  fromAt: number,
  toAt: number,
  except: ReadonlySet<string> = new Set(),
): boolean =>
  plan.every(
    ({ fault, atMs, forMs }) => except.has(fault) || startedAt + atMs + forMs < fromAt || startedAt + atMs > toAt,
  );
