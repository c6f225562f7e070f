import { describe, expect, it } from 'vitest';
import { heldBy } from '../../bench/site/commitment-watch.ts';
import { hindsightOptimumWh } from '../../bench/site/hindsight-optimum-wh.ts';
import { ACTUATION_MS, liveDay, METER_MS } from '../../bench/site/live-day.ts';
import type { PlannedFault } from '../../bench/site/planned-faults.ts';
import { type SimulatedSite, simulatedSites } from '../../bench/site/simulated-site.ts';
import { fallbackBudgetW } from '../../domain/site/site-configuration.ts';
import { fallbackShareW } from '../../domain/site/site-plan.ts';
import { evsePath } from '../../domain/site/site-state.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const dayFrom = Date.UTC(2026, 5, 3);

const busyHours = (hours: number, count = 1) => {
  const options = { seed: 'test', dayFrom, startAt: dayFrom + 10 * HOUR_MS, durationMs: hours * HOUR_MS };
  return { ...options, sites: simulatedSites(count, options), lookMs: 5_000 };
};

/** A site as small as one car, whose capacity is then known. */
const withCapacity = (site: SimulatedSite, limitW: number): SimulatedSite => ({
  ...site,
  configuration: { ...site.configuration, limitW },
  building: { ...site.building, baseW: 0, peakW: 0, solarW: 0 },
});

describe('the optimum in hindsight', () => {
  const { sites, startAt, durationMs } = busyHours(1);

  it('is what all cars want where the connection is large, and what it carries where it is small', () => {
    const [site] = sites;
    if (site === undefined) throw new Error('No site');
    const possibleWh = [...site.visits.values()].flat().reduce((sum, { at, stayMs, mostW, wantsWh }) => {
      const presentMs = Math.max(0, Math.min(at + stayMs, startAt + durationMs) - at);
      return sum + Math.min(wantsWh, (mostW * presentMs) / HOUR_MS);
    }, 0);
    const large = hindsightOptimumWh(withCapacity(site, 10_000_000), startAt, durationMs);
    const small = hindsightOptimumWh(withCapacity(site, 10_000), startAt, durationMs);
    expect([Math.abs(large / possibleWh - 1) < 0.01, Math.abs(small / 10_000 - 1) < 0.02]).toEqual([true, true]);
  });
});

describe('a site in a busy hour', () => {
  it('commit nothing above what the connection left within one control period and actuation, and waste little', async () => {
    const options = busyHours(1);
    const day = liveDay({ ...options, faults: [] });
    await day.fleet.pass(options.durationMs);
    const { beyond, energyWh, warnings } = day.figures();
    const bestWh = options.sites.reduce(
      (sum, site) => sum + hindsightOptimumWh(site, options.startAt, options.durationMs),
      0,
    );
    expect(beyond).toEqual({ nothing: { seconds: 0, kwh: 0, mostW: 0, longestSec: 0 } });
    // The first minutes of a network that has just been switched on are lost.
    expect(energyWh / bestWh).toBeGreaterThan(0.95);
    expect(warnings.siteContended).toBeUndefined();
  }, 120_000);
});

describe('cars with one phase at outlets with three', () => {
  it('are found, told limits of one phase, and use these, and nothing is committed above what the connection left', async () => {
    const options = busyHours(0.4);
    const [site] = options.sites;
    if (site === undefined) throw new Error('No site');
    const threePhase = new Set(
      site.stations.flatMap(({ stationId, connectors }) =>
        connectors.flatMap(({ evseId, electrics }) =>
          electrics?.current === 'AC' && electrics.phases === 3 ? [`${stationId}/${evseId}`] : [],
        ),
      ),
    );
    const visits = new Map(
      [...site.visits].map(([path, cars]) => [
        path,
        threePhase.has(path)
          ? cars.map((car) => ({ ...car, vehicle: { ...car.vehicle, phases: 1 as const, perPhaseW: 7_400 } }))
          : cars,
      ]),
    );
    const day = liveDay({ ...options, sites: [{ ...site, visits }], faults: [] });
    await day.fleet.pass(options.durationMs);
    const [kept] = await day.stack.sites.states([site.configuration.siteId]);
    const seen = kept?.state.sessions.filter((session) => threePhase.has(evsePath(session))) ?? [];
    expect(seen.length).toBeGreaterThan(5);
    expect(seen.filter(({ conductors, accepted }) => !conductors || accepted?.phases?.length !== 1)).toEqual([]);
    // They draw what they are given: nothing of it stands for phases they do not use.
    const drawing = day
      .recordsOf(site)
      .flatMap(({ stationId, connectors }) =>
        connectors.filter(({ evseId, car }) => car !== undefined && threePhase.has(`${stationId}/${evseId}`)),
      );
    const total = (of: (connector: (typeof drawing)[number]) => number): number =>
      drawing.reduce((sum, connector) => sum + of(connector), 0);
    expect(total(({ powerW }) => powerW) / total(({ acceptedW }) => acceptedW)).toBeGreaterThan(0.95);
    expect(day.figures().beyond).toEqual({ nothing: { seconds: 0, kwh: 0, mostW: 0, longestSec: 0 } });
  }, 120_000);
});

describe('a fault', () => {
  const kinds = ['charger rejects', 'charger ignores', 'charger late'] as const;

  it.each(kinds)(
    '%s: the others make room within a timeout and a control period',
    async (kind) => {
      const options = busyHours(0.75);
      const [site] = options.sites;
      if (site === undefined) throw new Error('No site');
      const faults = site.stations.slice(-2).map(
        ({ stationId }): PlannedFault => ({
          kind,
          siteId: site.configuration.siteId,
          stationId,
          at: options.startAt + 15 * MINUTE_MS,
          durationMs: 20 * MINUTE_MS,
        }),
      );
      const day = liveDay({ ...options, faults });
      await day.fleet.pass(options.durationMs);
      const { beyond } = day.figures();
      expect(beyond[kind]?.longestSec ?? 0).toBeLessThanOrEqual((METER_MS + ACTUATION_MS + 30_000) / 1_000);
      expect(beyond.nothing?.seconds ?? 0).toBe(0);
    },
    120_000,
  );
});

describe('a station that is offline', () => {
  it('holds its last limits and the fall-back of who comes meanwhile; the others make room for both', async () => {
    const options = busyHours(0.75);
    const [site] = options.sites;
    const station = site?.stations.at(-1);
    if (site === undefined || station === undefined) throw new Error('No site');
    const { stationId, connectors } = station;
    const fault = { siteId: site.configuration.siteId, stationId, at: options.startAt + 15 * MINUTE_MS };
    const day = liveDay({ ...options, faults: [{ kind: 'charger lost', ...fault, durationMs: 20 * MINUTE_MS }] });
    await day.fleet.pass(options.durationMs);
    const plan = { configuration: site.configuration, stations: site.stations };
    const unseenW = connectors.reduce((sum, connector) => sum + fallbackShareW(plan, { stationId, ...connector }), 0);
    const { beyond } = day.figures();
    expect(beyond['charger lost']?.mostW ?? 0).toBeLessThanOrEqual(unseenW);
    expect(beyond.nothing?.seconds ?? 0).toBe(0);
  }, 120_000);
});

describe('a station that nobody can reach', () => {
  it('holds its setpoints no longer than their validity, whatever becomes of the limit meanwhile', async () => {
    const options = busyHours(1);
    const [site] = options.sites;
    const [station] = site?.stations ?? [];
    if (site === undefined || station === undefined) throw new Error('No site');
    const { siteId, validityMs } = site.configuration;
    const { stationId, connectors } = station;
    const lostAt = options.startAt + 10 * MINUTE_MS;
    const plan = { configuration: site.configuration, stations: site.stations };
    const shareW = connectors.reduce((sum, connector) => sum + fallbackShareW(plan, { stationId, ...connector }), 0);
    const above: number[] = [];
    const day = liveDay({
      ...options,
      faults: [{ kind: 'charger lost', siteId, stationId, at: lostAt, durationMs: 40 * MINUTE_MS }],
      looked: (_, { at }) => {
        const { committedW } = heldBy(day.recordsOf(site).filter((record) => record.stationId === stationId));
        if (at > lostAt && committedW > shareW) above.push(at - lostAt);
      },
    });
    day.fleet.clock.after(11 * MINUTE_MS, () =>
      day.stack.signal(siteId, 'limit', {
        version: 1,
        time: new Date(day.fleet.clock.now()).toISOString(),
        scope: 'site',
        limitW: 1_000,
      }),
    );
    await day.fleet.pass(30 * MINUTE_MS);
    expect(above.length).toBeGreaterThan(0);
    expect(Math.max(...above)).toBeLessThanOrEqual(validityMs);
  }, 120_000);
});

describe('when the stack stops', () => {
  it('chargers fall back to shares that fit the site together, within the validity of their setpoints', async () => {
    const options = busyHours(1);
    const [site] = options.sites;
    if (site === undefined) throw new Error('No site');
    const day = liveDay({ ...options, faults: [] });
    await day.fleet.pass(20 * MINUTE_MS);
    day.stack.setRunning(false);
    await day.fleet.pass(site.configuration.validityMs + MINUTE_MS);
    const plan = { configuration: site.configuration, stations: site.stations };
    const above: string[] = [];
    let heldW = 0;
    for (const { stationId, connectors } of day.recordsOf(site))
      for (const { evseId, connectorId, transaction, offeredW } of connectors) {
        if (transaction === undefined) continue;
        heldW += offeredW;
        if (offeredW > fallbackShareW(plan, { stationId, evseId, connectorId })) above.push(`${stationId}/${evseId}`);
      }
    expect({ above, fits: heldW <= fallbackBudgetW(site.configuration) }).toEqual({ above: [], fits: true });
  }, 120_000);

  it('they fall back when the meter alone is silent, as soon as its last reading no longer counts', async () => {
    const options = busyHours(1);
    const [site] = options.sites;
    if (site === undefined) throw new Error('No site');
    const { siteId, meterStaleMs } = site.configuration;
    const at = options.startAt + 20 * MINUTE_MS;
    const faults: readonly PlannedFault[] = [{ kind: 'meter lost', siteId, at, durationMs: 20 * MINUTE_MS }];
    const heldW: number[] = [];
    // The sweep looks once a minute, and a station takes some seconds.
    const settledAt = at + meterStaleMs + METER_MS + MINUTE_MS + ACTUATION_MS;
    const day = liveDay({
      ...options,
      faults,
      looked: (_, snapshot) => {
        if (snapshot.at > settledAt && snapshot.at < at + 20 * MINUTE_MS) heldW.push(snapshot.committedW);
      },
    });
    await day.fleet.pass(41 * MINUTE_MS);
    expect(heldW.length).toBeGreaterThan(0);
    expect(Math.max(...heldW)).toBeLessThanOrEqual(fallbackBudgetW(site.configuration));
  }, 120_000);
});
