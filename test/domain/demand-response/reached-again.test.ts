import { describe, expect, it } from 'vitest';
import { isOwed } from '../../../domain/demand-response/is-owed.ts';
import { reachedAgain, unreachedStations } from '../../../domain/demand-response/reached-again.ts';
import { emptyPlan, type SentCap, type ZonePlan } from '../../../domain/demand-response/zone-plan.ts';
import { plannedStation } from './planned-station.ts';

const sent: SentCap = { capW: 30_000, endAt: 900, answer: 'unreachable', at: 10 };
const planned = { ...plannedStation(10_000), sent };
const plan: ZonePlan = {
  ...emptyPlan('north'),
  rev: 1,
  decidedAt: 100,
  signals: [{ signalId: 'dr', version: 1, type: 'CURTAIL', priority: 2, targetW: 10_000, endAt: 900 }],
  stations: [
    { ...planned, stationId: 'A' },
    { ...planned, stationId: 'B' },
    { ...planned, stationId: 'C', sent: { ...sent, answer: 'accepted' } },
    { ...planned, stationId: 'D', hasLeft: true },
  ],
};
const owed = (one: ZonePlan): readonly string[] =>
  one.stations.flatMap((station) => (isOwed(one, station) ? station.stationId : []));

describe('stations that could not be sent their caps', () => {
  it('are those in the zone that were offline', () => {
    expect(unreachedStations(plan)).toEqual(['A', 'B']);
  });

  it('are owed them once they can be reached, and no others are', () => {
    expect([owed(reachedAgain(plan, new Set())), owed(reachedAgain(plan, new Set(['B', 'C'])))]).toEqual([
      ['D'],
      ['B', 'D'],
    ]);
  });
});
