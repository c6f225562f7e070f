import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { random } from '../../../simulator/random.ts';
import { offlineQueue, type QueuedMessage } from '../../../simulator/replay/offline-queue.ts';
import { replayPlan } from '../../../simulator/replay/plan.ts';
import { recordedRows } from '../../../simulator/replay/recorded-row.ts';
import { replayReport, type StoredSession } from '../../../simulator/replay/report.ts';
import { unreliableDelivery } from '../../../simulator/replay/unreliable-delivery.ts';
import { throughTheFold } from './in-process-stack.ts';

const plan = replayPlan(recordedRows(readFileSync('data/demo-week-2018-10-22.csv', 'utf8')));
const today = Date.UTC(2026, 10, 20);

const replayed = async (deliver: (queue: QueuedMessage[]) => readonly QueuedMessage[]) => {
  const stored: StoredSession[] = [];
  for (const station of plan.stations)
    stored.push(...(await throughTheFold(station, deliver(offlineQueue(station)), today)));
  return replayReport(plan.rows, plan.rejected, stored);
};

describe('the demo week, answered, normalised and folded', async () => {
  const once = await replayed((queue) => queue);

  it('comes out as it was recorded', () => {
    const { rows, sessions, orphans, energyKwh, maxConcurrent } = once;
    expect({ rows, sessions, orphans, energyKwh, maxConcurrent }).toEqual({
      rows: 626,
      sessions: 623,
      orphans: 3,
      energyKwh: 7013.879,
      maxConcurrent: { count: 17, at: '2018-10-23T10:19:00Z' },
    });
  });

  it('comes out the same when it is delivered twice', async () => {
    expect(await replayed((queue) => [...queue, ...queue])).toEqual(once);
  });

  it.each([1, 2, 3, 4])(
    'comes out the same in random batches with repeated messages and repeated batches (seed %i)',
    async (seed) => {
      const chance = random(seed);
      expect(await replayed((queue) => unreliableDelivery(queue, chance, 0.3).flat())).toEqual(once);
    },
  );
});
