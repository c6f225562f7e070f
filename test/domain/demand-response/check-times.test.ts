import { describe, expect, it } from 'vitest';
import { historyEventsOf, nextCheckSec } from '../../../domain/demand-response/check-times.ts';
import { LONGEST_MS } from '../../../domain/demand-response/read-signal.ts';

const HOUR_MS = 3_600_000;
const METER_SEC = 10;

/** Events of history of an event's checks, where each of them sends so many chunks. */
const historyOf = (durationMs: number, chunkCount: number, isReplanned: boolean): number => {
  const event = { startAt: 0, endAt: durationMs, activatedAt: 0 };
  let events = 0;
  for (let now = 0; now < durationMs; ) {
    const sends = { chunkCount, isReplanned };
    events += historyEventsOf(sends);
    now += nextCheckSec(event, METER_SEC, now, sends) * 1_000;
  }
  return events;
};

/** What a quota of Step Functions leaves for beginning, lifting and what is tried again. */
const MOST_EVENTS = 24_000;

describe('the checks of an event', () => {
  it.each([1, 5, 20, 24, 100])(
    'of %s h fit into the history of its execution, if each of them sends something',
    (hours) => {
      for (const chunkCount of [0, 1, 2, 10, 40])
        expect(historyOf(hours * HOUR_MS, chunkCount, false)).toBeLessThan(MOST_EVENTS);
    },
  );

  it('of the longest event fit, if each of them plans anew', () => {
    for (const chunkCount of [1, 10]) expect(historyOf(LONGEST_MS, chunkCount, true)).toBeLessThan(MOST_EVENTS);
  });

  const event = { startAt: 0, endAt: 4 * HOUR_MS, activatedAt: 0 };
  const [nothing, one, anew] = [
    { chunkCount: 0, isReplanned: false },
    { chunkCount: 1, isReplanned: false },
    { chunkCount: 1, isReplanned: true },
  ];
  it.each([
    ['twice per meter interval in the first minute', 30_000, nothing, 5],
    ['once per meter interval in the first five', 100_000, nothing, 10],
    ['once a minute later', 400_000, nothing, 60],
    ['once a minute although something is sent to those who came', 400_000, one, 60],
    ['soon after a new plan', 100_000, anew, 5],
    ['as soon as the history allows after a new plan later on', 400_000, anew, 24],
    ['at the end, if that is sooner', 4 * HOUR_MS - 3_000, nothing, 3],
  ])('come %s', (_, now, sends, expectedSec) => {
    expect(nextCheckSec(event, METER_SEC, now, sends)).toBe(expectedSec);
  });
});
