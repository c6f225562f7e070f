import { describe, expect, it } from 'vitest';
import { checkOf, figuresOf } from '../../../domain/demand-response/plan-figures.ts';
import { readSignal } from '../../../domain/demand-response/read-signal.ts';
import { emptyPlan, joined, left, solved, type ZonePlan } from '../../../domain/demand-response/zone-plan.ts';
import type { ZoneStation } from '../../../domain/demand-response/zone-station.ts';

const at = Date.parse('2026-07-01T17:00:00Z');
const stations = ['A', 'B', 'C'].map(
  (stationId): ZoneStation => ({
    ...{ stationId, siteId: 'depot', loadW: 40_000, floorW: 0, minimumW: 0, ratedW: 50_000, transactions: [] },
    supply: { current: 'DC', voltageV: 230, phases: 3 },
    connectorKeys: ['1#1'],
  }),
);
const signal = (signalId: string, reductionKw: number, isAdditive: boolean) =>
  readSignal(
    { signalId, type: 'CURTAIL', zoneId: 'north', reductionKw, isAdditive, endAt: '2026-07-01T18:00:00Z' },
    { receivedAt: at, by: 'me' },
  );
const both = (nestedKw: number, apartKw: number): ZonePlan =>
  joined(
    joined(emptyPlan('north'), signal('dr', nestedKw, false), stations, at),
    signal('extra', apartKw, true),
    stations,
    at,
  );
/** A plan of which so much was delivered, of all stations alike. */
const delivering = (plan: ZonePlan, deliveredW: number): ZonePlan => ({
  ...plan,
  stations: plan.stations.map((one) => ({ ...one, measuredW: 40_000 - deliveredW / 3, measuredAt: at })),
});

const common = { baselineW: 120_000, stationCount: 3, unknownCount: 0 };

describe('the figures of a signal beside which another is sold apart', () => {
  it('are without what comes on top of it', () => {
    expect(figuresOf(both(50, 30), 'dr')).toEqual({ ...common, askedW: 50_000, plannedW: 50_000, shortfallW: 0 });
  });

  it('have what is missing where the other one was laid first', () => {
    const first = joined(emptyPlan('north'), { ...signal('extra', 60, true), priority: 3 }, stations, at);
    expect(figuresOf(joined(first, signal('dr', 80, false), stations, at), 'dr')).toEqual({
      ...common,
      ...{ askedW: 80_000, plannedW: 60_000, shortfallW: 20_000 },
    });
  });

  it.each([
    [-9_000, -9_000],
    [40_000, 40_000],
    [70_000, 50_000],
    [80_000, 50_000],
    [90_000, 60_000],
  ])('count of %d W delivered what is theirs first, and nothing of the other one: %d W', (deliveredW, ownW) => {
    const check = checkOf(delivering(both(50, 30), deliveredW), 'dr', at);
    expect([Math.round(check.deliveredW), check.plannedW]).toEqual([ownW, 50_000]);
  });
});

describe('the figures of a signal that is sold apart', () => {
  it('are what comes on top of the others, and what is missing of that', () => {
    expect(figuresOf(both(50, 30), 'extra')).toEqual({ ...common, askedW: 30_000, plannedW: 30_000, shortfallW: 0 });
    expect(figuresOf(both(80, 60), 'extra')).toEqual({
      ...common,
      ...{ askedW: 60_000, plannedW: 40_000, shortfallW: 20_000 },
    });
  });

  it('are all that is shed where nothing else is asked, without what drivers draw more who came', () => {
    const alone = left(both(50, 30), { signalId: 'dr', version: 1 }, at + 60_000);
    const busy = { ...alone, stations: alone.stations.map((one, index) => (index ? one : { ...one, excessW: 6_000 })) };
    for (const plan of [alone, solved(busy)])
      expect(figuresOf(plan, 'extra')).toEqual({ ...common, askedW: 30_000, plannedW: 30_000, shortfallW: 0 });
  });

  it.each([
    [-9_000, -9_000],
    [40_000, 0],
    [70_000, 20_000],
    [90_000, 40_000],
  ])('count of %d W delivered what the others leave: %d W', (deliveredW, ownW) => {
    const check = checkOf(delivering(both(50, 30), deliveredW), 'extra', at);
    expect([Math.round(check.deliveredW), check.plannedW]).toEqual([ownW, 30_000]);
  });
});
