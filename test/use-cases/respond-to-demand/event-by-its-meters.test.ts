import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { idealW, RESTORE_RAMP_SEC, restoreDelaySec } from '../../../domain/demand-response/restore-steps.ts';
import { type Habit, METER_SEC, type SimulatedStation, simulatedZone } from './simulated-zone.ts';

const startedAt = Date.parse('2026-07-01T17:00:00Z');
const [BEFORE_SEC, EVENT_SEC] = [300, 900];
/** The signal comes in the middle of a meter interval and of a minute. */
const submittedAt = startedAt + (BEFORE_SEC + 14) * 1_000;
const endAt = submittedAt + EVENT_SEC * 1_000;
const REBOUND_SEC = 900;
const MOST_REBOUND = 1.05;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'], now: startedAt });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Of twenty stations two accept and ignore their limits, one rejects them, one takes no maximum for the whole. */
const habits: Readonly<Record<number, Habit>> = { 3: 'ignores', 13: 'ignores', 7: 'rejects' };
const stations = Array.from(
  { length: 200 },
  (_, index): SimulatedStation => ({
    stationId: `S${String(index).padStart(3, '0')}`,
    siteId: `site-${Math.floor(index / 20)}`,
    demandW: 8_000 + 137 * ((index * 37) % 200),
    habit: habits[index % 20] ?? 'obeys',
    ...(index % 20 === 17 && { hasNoMax: true as const }),
  }),
);
const baselineW = stations.reduce((sum, { demandW }) => sum + demandW, 0);
const askedKw = Math.floor((0.4 * baselineW) / 1_000);

/** An event over such a zone, from before its signal until its report is written. */
const played = async (fields: object = {}) => {
  const zone = simulatedZone(stations, { isMetered: true });
  const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000);
  await pass(BEFORE_SEC + 14);
  const signal = { signalId: 'dr', type: 'CURTAIL', reductionKw: askedKw, endAt: new Date(endAt).toISOString() };
  await zone.submit({ ...signal, ...fields });
  await pass(EVENT_SEC + REBOUND_SEC + 60);
  const report = await zone.signals.report('dr');
  if (report === undefined) throw new Error('There is no report');
  const loads = zone.meter.map(({ at, powersW }) => ({ at, powerW: powersW.reduce((sum, powerW) => sum + powerW, 0) }));
  /** The mean load by the stations' own meters, W. */
  const meanW = (fromAt: number, toAt: number): number => {
    const found = loads.filter(({ at }) => at >= fromAt && at < toAt);
    return found.reduce((sum, { powerW }) => sum + powerW, 0) / found.length;
  };
  return { zone, report, loads, meanW };
};

describe('an event over 200 stations, by their own meters', () => {
  it('delivers what is asked although a tenth accept and ignore, and reports what the meters say', async () => {
    const { report, loads, meanW } = await played();
    const askedW = askedKw * 1_000;
    const settledW = baselineW - meanW(endAt - 60_000, endAt);
    expect(askedW - settledW).toBeLessThanOrEqual(Math.max(1_000, askedW / 100));

    const { metrics } = report;
    const steadyFromAt = submittedAt + 2 * (METER_SEC + 10) * 1_000;
    const deliveredW = (fromAt: number) => baselineW - meanW(fromAt, endAt);
    const near = (told: number, seen: number, share: number) => expect(Math.abs(told / seen - 1)).toBeLessThan(share);
    near(report.baselinesW.frozen, baselineW, 1e-9);
    near(report.baselinesW.meterBefore ?? 0, baselineW, 1e-9);
    near(metrics.steadyDeliveredW, deliveredW(steadyFromAt), 0.001);
    near(metrics.energyDeliveredWh, (deliveredW(submittedAt) * EVENT_SEC) / 3_600, 0.005);
    const mostW = Math.max(...loads.filter(({ at }) => at < endAt).map(({ powerW }) => baselineW - powerW - askedW));
    expect(Math.abs(metrics.overshootW - mostW)).toBeLessThan(askedW / 1_000);
    const reached = loads.find(({ at, powerW }) => at >= submittedAt && baselineW - powerW >= 0.9 * askedW);
    expect(Math.abs((metrics.t90Sec ?? 0) - ((reached?.at ?? 0) - submittedAt) / 1_000)).toBeLessThanOrEqual(METER_SEC);
  });

  it('lets the load come back without a rebound, no station above its ramp', async () => {
    const { zone, report, loads, meanW } = await played();
    const reboundRatio = meanW(endAt, endAt + REBOUND_SEC * 1_000) / baselineW;
    expect(reboundRatio).toBeLessThanOrEqual(MOST_REBOUND);
    expect(Math.max(...loads.map(({ powerW }) => powerW))).toBeLessThanOrEqual(MOST_REBOUND * baselineW);
    expect(report.reboundRatio).toBeCloseTo(reboundRatio, 2);
    // Caps never move stations at once: the largest step of the zone within ten seconds is a fraction of what was shed.
    const steps = loads.map(({ at, powerW }, index) =>
      at < endAt ? 0 : powerW - (loads[index - 10]?.powerW ?? powerW),
    );
    expect(Math.max(...steps)).toBeLessThan((askedKw * 1_000) / 10);

    const obedient = stations.flatMap((station, index) => (station.habit === 'obeys' ? [{ ...station, index }] : []));
    const above = obedient.filter(({ stationId, index, demandW }) => {
      const targetW = zone.meter.findLast(({ at }) => at < endAt)?.powersW[index] ?? 0;
      const line = {
        targetW,
        normalW: 50_000,
        delaySec: restoreDelaySec('dr', stationId),
        rampSec: RESTORE_RAMP_SEC,
      };
      return zone.meter.some(({ at, powersW }) => {
        if (at < endAt) return false;
        // A profile counts in whole seconds.
        const allowedW = Math.min(demandW, idealW(line, (at - endAt) / 1_000 + 1));
        return (powersW[index] ?? 0) > allowedW + 1;
      });
    });
    expect(above.map(({ stationId }) => stationId)).toEqual([]);
  });

  it('ramps at once, and as gently, after an emergency', async () => {
    const { zone, loads } = await played({ type: 'SHED', priority: 1 });
    const atEnd = zone.meter.findLast(({ at }) => at < endAt)?.powersW ?? [];
    for (const [index, { habit, demandW }] of stations.entries()) {
      if (habit !== 'obeys') continue;
      const line = { targetW: atEnd[index] ?? 0, normalW: 50_000, delaySec: 0, rampSec: RESTORE_RAMP_SEC };
      for (const { at, powersW } of zone.meter.filter((one) => one.at >= endAt && one.at < endAt + 90_000))
        expect(powersW[index] ?? 0).toBeLessThanOrEqual(Math.min(demandW, idealW(line, (at - endAt) / 1_000 + 1)) + 1);
    }
    expect(loads.find(({ at }) => at >= endAt + 62_000)?.powerW).toBe(baselineW);
  });
});
