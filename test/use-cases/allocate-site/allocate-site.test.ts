import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packed } from '../../../aws/dynamodb/packed.ts';
import { random } from '../../../simulator/random.ts';
import { planOf } from '../../domain/site/given-site.ts';
import { simulatedSite } from './simulated-site.ts';

type Site = ReturnType<typeof simulatedSite>;

const sum = (site: Site): number => site.stations.reduce((total, station) => total + site.heldW(station), 0);

/** Some periods of 15 s with a building that draws the same. */
const run = async (site: Site, periods: number, buildingW: number): Promise<void> => {
  for (let period = 0; period < periods; period++) {
    site.connectors();
    site.meter(buildingW);
    await site.work();
    site.pass(5_000);
    await site.work();
    site.pass(10_000);
  }
};

describe('a controlled site', () => {
  it('gives its cars what the building leaves, no more', async () => {
    const site = simulatedSite(planOf(4));
    await run(site, 20, 40_000);
    expect(sum(site)).toBe(60_000);
    expect(site.stations.map((station) => site.heldW(station))).toEqual([15_000, 15_000, 15_000, 15_000]);
  });

  it('lowers at once what a building takes back, within one period', async () => {
    const site = simulatedSite(planOf(4));
    await run(site, 20, 40_000);
    await run(site, 1, 80_000);
    expect(sum(site)).toBeLessThanOrEqual(20_000);
  });

  it('falls back to the safe share when the meter is silent, and comes back with it', async () => {
    const site = simulatedSite(planOf(4));
    await run(site, 20, 20_000);
    for (let minute = 0; minute < 3; minute++) {
      site.append();
      await site.work();
      site.pass(60_000);
    }
    await site.work();
    const silent = sum(site);
    await run(site, 20, 20_000);
    expect([silent <= 30_000, sum(site)]).toEqual([true, 80_000]);
  });

  it('keeps what a station refuses to lower out of what the others get', async () => {
    const site = simulatedSite(planOf(4));
    await run(site, 20, 0);
    const [first] = site.stations;
    if (first) first.behaviour = 'rejects';
    await run(site, 8, 60_000);
    expect([first && site.heldW(first), sum(site) <= 40_000]).toEqual([25_000, true]);
  });

  it('reserves what a station that is offline may draw', async () => {
    const site = simulatedSite(planOf(2));
    await run(site, 20, 0);
    const [first] = site.stations;
    if (first) first.behaviour = 'offline';
    await run(site, 8, 40_000);
    expect(sum(site)).toBeLessThanOrEqual(60_000);
  });

  it('asks a station that did not answer nothing for minutes, and counts both limits meanwhile', async () => {
    const site = simulatedSite(planOf(2));
    await run(site, 20, 0);
    const [first] = site.stations;
    if (first) first.behaviour = 'ignores';
    const before = site.sent.filter(({ stationId }) => stationId === 'S1').length;
    await run(site, 12, 40_000);
    expect(site.sent.filter(({ stationId }) => stationId === 'S1').length - before).toBe(1);
  });

  it('does not believe setpoints that were dropped while control was off', async () => {
    const site = simulatedSite(planOf(4));
    await run(site, 20, 90_000);
    const before = sum(site);
    await site.control(false);
    await run(site, 4, 90_000);
    await site.control(true);
    await run(site, 8, 90_000);
    expect([before, sum(site)]).toEqual([10_000, 10_000]);
  });

  it('opts a driver out of price tiers, not out of the limit', async () => {
    const site = simulatedSite(planOf(4));
    const about = { siteId: 'depot', at: site.now(), receivedAt: site.now(), by: 'app' };
    const prices = [{ from: site.now() - 1, tier: 'ON_PEAK' }];
    site.append({ type: 'signalled', signal: { type: 'PricesPublished', ...about, prices } });
    site.append({
      type: 'signalled',
      signal: { type: 'OptOutSet', ...about, stationId: 'S1', evseId: 1, optedOut: true },
    });
    await run(site, 24, 20_000);
    const [optedOut, ...others] = site.stations.map((station) => site.heldW(station));
    expect([optedOut, others.every((limitW) => limitW < 10_000)]).toEqual([20_000, true]);
  });
});

describe('whatever happens to workers and records', () => {
  it('never has stations hold more than the site has left, but while that has just fallen', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const chance = random(seed);
        const limitW = 100_000;
        const site = simulatedSite(planOf(5, { minOnMs: 60_000 }), { workers: 2, crashes: () => chance.chance(0.05) });
        const left: { readonly at: number; readonly budgetW: number }[] = [];
        let buildingW = 30_000;
        for (let step = 0; step < 60; step++) {
          if (chance.chance(0.15)) buildingW = chance.integer(0, 60) * 1_000;
          left.push({ at: site.now(), budgetW: limitW - buildingW });
          if (chance.chance(0.5)) site.connectors();
          site.meter(buildingW);
          await site.work(chance.integer(0, 1), chance.integer(0, 6));
          site.pass(chance.integer(1, 15) * 1_000);
          await site.work(chance.integer(0, 1), chance.integer(0, 6));
          // Two periods and the answers of stations: as long as a lower budget may take to arrive.
          const recent = left.filter(({ at }) => at >= site.now() - 60_000);
          const mostW = Math.max(30_000, ...recent.map(({ budgetW }) => budgetW));
          if (sum(site) > mostW + 100) throw new Error(`${sum(site)} W held at step ${step}, ${mostW} W left`);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('asks for every setpoint once, although each batch comes twice', async () => {
    const once = simulatedSite(planOf(3));
    const twice = simulatedSite(planOf(3));
    await run(once, 10, 20_000);
    for (let period = 0; period < 10; period++) {
      twice.connectors();
      twice.meter(20_000);
      await twice.work();
      await twice.work(0, 20);
      twice.pass(5_000);
      await twice.work(0, 20);
      twice.pass(10_000);
    }
    expect(twice.sent.map(({ stationId, limitW }) => [stationId, limitW])).toEqual(
      once.sent.map(({ stationId, limitW }) => [stationId, limitW]),
    );
  });

  it('asks again for what a worker decided and died before sending', async () => {
    let isDying = false;
    const site = simulatedSite(planOf(2), { crashes: () => isDying });
    site.connectors();
    site.meter(80_000);
    isDying = true;
    await site.work();
    isDying = false;
    site.pass(2_000);
    site.meter(80_000);
    await site.work();
    site.pass(2_000);
    await site.work();
    expect(sum(site)).toBeLessThanOrEqual(20_000);
  });
});

const HOURS_A_MONTH = 730;
/** Key, revision and time of the item, beside what is packed. */
const ATTRIBUTES_BYTES = 80;

describe('the cost of a site', () => {
  /** What a thousand sites with this building cost a month behind the ingress. */
  const costOf = async (building: string) => {
    const site = simulatedSite(planOf(10, { limitW: 300_000 }));
    const chance = random(building);
    await run(site, 20, 100_000);
    const before = { ...site.store.calls };
    const HOURS = 2;
    for (let reading = 0; reading < HOURS * 240; reading++) {
      if (reading % 40 === 0) site.connectors();
      site.meter(100_000 + chance.integer(-2_000, 2_000));
      await site.work();
      site.pass(15_000);
    }
    const hourly = (calls: number): number => calls / HOURS;
    const [loads, writes] = [
      hourly(site.store.calls.loads - before.loads),
      hourly(site.store.calls.commits - before.commits),
    ];
    const [kept] = await site.store.states(['depot']);
    const itemUnits = Math.ceil((packed(kept?.state ?? {}).byteLength + ATTRIBUTES_BYTES) / 1_024);
    const calls = 1_000 * HOURS_A_MONTH;
    const perMonth = {
      // us-east-1, 2026-11-20: DynamoDB $0.625 per million write units and $0.125 per million read units.
      writes: (calls * writes * itemUnits * 0.625) / 1e6,
      // An answer that changes no decision is believed once the revision of the item was compared.
      revisions: (calls * hourly(site.store.calls.revisions - before.revisions) * 0.125) / 1e6,
      // Every five minutes the running sessions of a site: a query of their keys, and ten connectors.
      comparisons: (calls * 12 * (0.5 + 10 * 0.5) * 0.125) / 1e6,
      // Once a minute the states for alerts.
      alerts: (calls * 60 * 0.5 * 0.125) / 1e6,
      // A tick a minute: $0.014 per million units of Kinesis.
      ticks: (calls * 60 * 0.014) / 1e6,
      // Enhanced fan-out: $0.015 per shard-hour, $0.013 per GB; a reading as its rule puts it has 350 bytes.
      fanOut: HOURS_A_MONTH * 0.015 + (calls * 240 * 350 * 0.013) / 1e9,
      // As if one shard were polled once a second ($0.20 per million calls); 67 readings take 60 ms of 1 GiB ($0.0000133334 per GB-second).
      functions: HOURS_A_MONTH * 3_600 * (0.2 / 1e6 + 0.06 * 0.0000133334),
    };
    return { loads, total: Object.values(perMonth).reduce((all, one) => all + one, 0) };
  };

  it('is within $50 a month for a thousand sites that are metered every 15 s, on the average of eight buildings', async () => {
    const costs = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(costOf));
    const meanOf = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0) / values.length;
    expect(meanOf(costs.map(({ loads }) => loads))).toBe(0);
    expect(meanOf(costs.map(({ total }) => total)), JSON.stringify(costs)).toBeLessThan(50);
  });
});
