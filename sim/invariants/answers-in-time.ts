import { MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import { isQuietBetween } from '../world/is-quiet-between.ts';
import type { Invariant } from './invariant.ts';

/** An answer takes a cold start and some requests at most. */
const ANSWERED_WITHIN_MS = 5 * SECOND_MS;
/** What was delayed by the last fault is answered by then. */
const CALM_AFTER_MS = 2 * MINUTE_MS;
/** Faults of a charger itself, which nobody else may feel. */
const OF_ONE_CHARGER = new Set(['hostile-station', 'charger-clock', 'wrong-units', 'falling-register']);

const idOf = (text: string): string | undefined => /^\[[234],"([^"]+)"/.exec(text)?.[1];

export const answersInTime: Invariant = {
  name: 'answers-in-time',
  about:
    'Where nothing else goes wrong every charger is answered within seconds, whatever a hostile one beside it does.',
  check: (world) => {
    const { frames, posted, stranger } = world;
    const answeredAt = new Map<string, number>();
    for (const { line, text, at } of posted) {
      const id = idOf(text);
      if (id !== undefined && !text.startsWith('[2,')) answeredAt.set(`${line} ${id}`, at);
    }
    return frames.flatMap(({ stationId, way, line, text, at }) => {
      if (way !== 'up' || stationId === stranger.stationId || !text.startsWith('[2,')) return [];
      if (!isQuietBetween(world, at - CALM_AFTER_MS, at + ANSWERED_WITHIN_MS, OF_ONE_CHARGER)) return [];
      const afterMs = (answeredAt.get(`${line} ${idOf(text)}`) ?? Number.POSITIVE_INFINITY) - at;
      // A line that was closed in between takes its answers along.
      if (afterMs === Number.POSITIVE_INFINITY) return [];
      return afterMs > ANSWERED_WITHIN_MS ? [`${stationId}: ${idOf(text)} was answered after ${afterMs} ms`] : [];
    });
  },
};
