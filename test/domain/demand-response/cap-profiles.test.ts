import { describe, expect, it } from 'vitest';
import { capProfiles, returnProfiles } from '../../../domain/demand-response/cap-profiles.ts';
import { restoreDelaySec } from '../../../domain/demand-response/restore-steps.ts';
import {
  emptyPlan,
  type PlannedSignal,
  type PlannedStation,
  type ZonePlan,
} from '../../../domain/demand-response/zone-plan.ts';
import { plannedStation } from './planned-station.ts';

const now = Date.parse('2026-07-01T17:00:00.400Z');
const endAt = Date.parse('2026-07-01T17:30:00.000Z');
/** From the second in which the profile begins to the end of the event. */
const UNTIL_SEC = 1_800;
const RAMP_SEC = 60;

const station = plannedStation(20_000);
const signal: PlannedSignal = { signalId: 'dr', version: 1, type: 'CURTAIL', priority: 2, targetW: 20_000, endAt };
const planOf = (...signals: readonly PlannedSignal[]): ZonePlan => ({ ...emptyPlan('north'), rev: 1, signals });

const onlyOne = <Item>(items: readonly Item[]): Item => {
  const [item] = items;
  if (item === undefined || items.length > 1) throw new Error(`There are ${items.length}`);
  return item;
};
const capOf = (plan: ZonePlan, fields: Partial<PlannedStation> = {}) =>
  onlyOne(capProfiles(plan, { ...station, ...fields }, now));

describe('the cap of a station', () => {
  it('holds from the whole second until the end, and comes back in a ramp after a delay of its own', () => {
    const { schedule, validTo, ...place } = capOf(planOf(signal));
    const delaySec = restoreDelaySec('dr', 'A');
    const ramp = [25_000, 30_000, 35_000, 40_000, 45_000, 50_000].map((limitW, index) => ({
      startSec: UNTIL_SEC + delaySec + 10 * (index + 1),
      limitW,
    }));
    expect(place).toEqual({ purpose: 'station-max', evseId: 0, stackLevel: 1 });
    expect(schedule).toEqual({
      kind: 'absolute',
      startAt: now - 400,
      periods: [{ startSec: 0, limitW: 20_000 }, ...ramp],
      durationSec: UNTIL_SEC + delaySec + RAMP_SEC,
    });
    expect(validTo).toBe(endAt + (delaySec + RAMP_SEC) * 1_000);
  });

  it('holds to the end of an event that ends within a second', () => {
    const { schedule } = capOf(planOf({ ...signal, endAt: endAt + 1 }));
    expect(schedule.periods[1]?.startSec).toBe(UNTIL_SEC + 1 + restoreDelaySec('dr', 'A') + 10);
  });

  it('comes back without a delay after an emergency', () => {
    const { schedule, validTo } = capOf(planOf({ ...signal, priority: 1 }));
    expect(schedule.periods[1]).toEqual({ startSec: UNTIL_SEC + 10, limitW: 25_000 });
    expect(validTo).toBe(endAt + RAMP_SEC * 1_000);
  });

  it('comes back after the signal that ends last; of two at one instant, after the one whose id is first', () => {
    const sooner = { ...signal, signalId: 'a', endAt: endAt - 60_000 };
    const beside = { ...signal, signalId: 'other' };
    const delayOf = (plan: ZonePlan) => ((capOf(plan).validTo ?? 0) - endAt) / 1_000 - RAMP_SEC;
    expect(delayOf(planOf(sooner, signal))).toBe(restoreDelaySec('dr', 'A'));
    expect(delayOf(planOf(beside, signal))).toBe(restoreDelaySec('dr', 'A'));
  });

  it('has no more periods than the station takes', () => {
    const { schedule } = capOf(planOf(signal), { abilities: { maxPeriods: 3 } });
    expect(schedule.periods.map(({ limitW }) => limitW)).toEqual([20_000, 35_000, 50_000]);
  });

  it('is none where no signal concerns the station, or all are over', () => {
    expect(capProfiles(planOf({ ...signal, siteId: 'elsewhere' }), station, now)).toEqual([]);
    expect(capProfiles(planOf(signal), station, endAt)).toEqual([]);
  });
});

describe('a station that takes no maximum for the whole', () => {
  const abilities = { hasStationMax: false };
  const car = (evseId: number, powerW: number) => ({ evseId, transactionId: `t${evseId}`, powerW });
  const limitsOf = (transactions: PlannedStation['transactions']) =>
    capProfiles(planOf(signal), { ...station, abilities, transactions }, now).map(
      ({ purpose, evseId, transactionId, schedule }) => [purpose, evseId, transactionId, schedule.periods[0]?.limitW],
    );

  it('is limited car by car in proportion to what they draw, and leaves one who comes an equal share', () => {
    expect(limitsOf([car(1, 30_000), car(2, 10_000)])).toEqual([
      ['tx-default', 0, undefined, 10_000],
      ['tx', 1, 't1', 15_000],
      ['tx', 2, 't2', 5_000],
    ]);
  });

  it('is limited by equal shares where the cars draw nothing', () => {
    expect(limitsOf([car(1, 0), car(2, 0)])).toEqual([
      ['tx-default', 0, undefined, 10_000],
      ['tx', 1, 't1', 10_000],
      ['tx', 2, 't2', 10_000],
    ]);
  });

  it('leaves whoever comes all of it where no car charges', () => {
    expect(limitsOf([])).toEqual([['tx-default', 0, undefined, 20_000]]);
  });
});

describe('the return of a station whose event ends before its time', () => {
  it('begins at once with what it held, and ends at normal', () => {
    const { schedule, validTo } = onlyOne(returnProfiles(station, 'north', false, now, now));
    const delaySec = restoreDelaySec('north', 'A');
    expect(schedule.periods[0]).toEqual({ startSec: 0, limitW: 20_000 });
    expect(schedule.periods.at(-1)).toEqual({ startSec: delaySec + RAMP_SEC, limitW: 50_000 });
    expect(validTo).toBe(now - 400 + (delaySec + RAMP_SEC) * 1_000);
  });

  it('has no delay after an emergency', () => {
    const { schedule } = onlyOne(returnProfiles(station, 'north', true, now, now));
    expect(schedule.periods.map(({ startSec }) => startSec)).toEqual([0, 10, 20, 30, 40, 50, 60]);
  });

  const againAfter = (seconds: number) => {
    const at = now + seconds * 1_000;
    const { schedule, validTo = 0 } = onlyOne(returnProfiles(station, 'north', false, now, at));
    return { periods: schedule.periods, lastsSec: (validTo - Math.floor(at / 1_000) * 1_000) / 1_000 };
  };

  it('goes on where it is when it is sent again', () => {
    const delaySec = restoreDelaySec('north', 'A');
    const first = againAfter(0);
    const earlier = delaySec - 60;
    expect(againAfter(earlier)).toEqual({
      periods: first.periods.map(({ startSec, limitW }) => ({ startSec: Math.max(0, startSec - earlier), limitW })),
      lastsSec: 60 + RAMP_SEC,
    });
    const inTheRamp = againAfter(delaySec + 45);
    expect(inTheRamp.periods).toEqual([
      { startSec: 0, limitW: 40_000 },
      { startSec: 5, limitW: 45_000 },
      { startSec: 15, limitW: 50_000 },
    ]);
  });

  it('is full power for a minute when it is sent again after its ramp', () => {
    expect(againAfter(900)).toEqual({ periods: [{ startSec: 0, limitW: 50_000 }], lastsSec: 60 });
  });
});
