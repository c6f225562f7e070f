import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { random } from '../../../simulator/random.ts';
import { offlineQueue, type QueuedMessage } from '../../../simulator/replay/offline-queue.ts';
import { recordedRows } from '../../../simulator/replay/recorded-row.ts';
import { replayPlan } from '../../../simulator/replay/replay-plan.ts';
import { replayReport, type StoredSession } from '../../../simulator/replay/replay-report.ts';
import { unreliableDelivery } from '../../../simulator/replay/unreliable-delivery.ts';
import { throughTheFold } from './in-process-stack.ts';

const plan = replayPlan(recordedRows(readFileSync('data/demo-week-2018-10-22.csv', 'utf8')));
const today = Date.UTC(2026, 10, 20);

const replayed = async (deliver: (queue: QueuedMessage[]) => readonly QueuedMessage[]) => {
  const stored: StoredSession[] = [];
  for (const station of plan.stations)
    stored.push(...(await throughTheFold(station, deliver(offlineQueue(station)), today)));
  return replayReport(plan, stored);
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

describe('a file of foreign stations', () => {
  const rows = recordedRows(
    [
      'session_id,station_id,start_utc,end_utc,energy_kwh',
      'a,Main Street 1,2024-05-01T10:00:00Z,2024-05-01T11:00:00Z,5.1234567',
      'b,Main Street 1,2024-05-01T10:30:00Z,2024-05-01T11:30:00Z,7.0004',
      'c,Main Street 1,2024-05-01T11:00:00Z,2024-05-01T12:00:00Z,1.2345',
      'jump,Main Street 1,2024-05-02T10:00:00Z,2024-05-02T10:10:00Z,900.5',
      'A,Main Street 1,2024-05-03T10:00:00Z,2024-05-03T10:10:00Z,1',
    ].join('\n'),
  );
  const foreign = replayPlan(rows);

  it('counts energies finer than a watt-hour to a thousandth of one, under the names of the file', async () => {
    const stored: StoredSession[] = [];
    for (const station of foreign.stations)
      stored.push(...(await throughTheFold(station, offlineQueue(station), today)));
    const { sessions, energyKwh, byStation, stationIds, rejected, maxConcurrent } = replayReport(foreign, stored);
    const total = 5.123_457 + 7.0004 + 1.2345 + 900.5;
    expect(energyKwh).toBeCloseTo(total, 6);
    expect(byStation['Main Street 1']).toBeCloseTo(total, 6);
    expect({ sessions, stationIds, rejected, most: maxConcurrent.count }).toEqual({
      sessions: 4,
      stationIds: { 'Main Street 1': 'Main-Street-1' },
      rejected: [{ id: 'A', reason: 'another row has this session id' }],
      most: 2,
    });
  });

  it('tells apart the sessions whose meter the stack does not believe', async () => {
    const stored: StoredSession[] = [];
    for (const station of foreign.stations)
      stored.push(...(await throughTheFold(station, offlineQueue(station), today)));
    const { suspect } = replayReport(foreign, stored);
    expect(suspect.map(({ id, recordedKwh, believedKwh }) => [id, recordedKwh, believedKwh < 4])).toEqual([
      ['jump', 900.5, true],
    ]);
  });
});
