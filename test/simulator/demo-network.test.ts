import { describe, expect, it } from 'vitest';
import type { Electrics } from '../../domain/registry/electrics.ts';
import { assignedTariff } from '../../domain/tariff/assigned-tariff.ts';
import { checkTariff } from '../../domain/tariff/check-tariff.ts';
import { demoNetwork } from '../../simulator/demo-network.ts';
import { random } from '../../simulator/random.ts';
import { tagPool } from '../../simulator/tag-pool.ts';

describe('demoNetwork', () => {
  it('gives the same network for the same size and seed, and another for another seed', () => {
    expect(demoNetwork({ stations: 40, seed: 'demo' })).toEqual(demoNetwork({ stations: 40, seed: 'demo' }));
    expect(demoNetwork({ stations: 40, seed: 'other' })).not.toEqual(demoNetwork({ stations: 40, seed: 'demo' }));
  });

  it.each([1, 40, 500])('has exactly %i stations, each with its own id and password', (count) => {
    const { stations } = demoNetwork({ stations: count, seed: 'demo' });
    expect(new Set(stations.map(({ stationId }) => stationId)).size).toBe(count);
    expect(new Set(stations.map(({ password }) => password)).size).toBe(count);
  });

  it('mixes versions, currents, regions and site kinds', () => {
    const { stations, sites } = demoNetwork({ stations: 40, seed: 'demo' });
    expect(new Set(stations.map(({ ocpp }) => ocpp))).toEqual(new Set(['1.6', '2.0.1']));
    const types = new Set(stations.flatMap(({ connectors }) => connectors.map(({ connectorType }) => connectorType)));
    expect(types).toEqual(new Set(['CCS', 'CHAdeMO', 'Type2']));
    expect(new Set(stations.map(({ region }) => region)).size).toBeGreaterThan(2);
    expect(new Set(sites.map(({ kind }) => kind))).toEqual(new Set(['highway', 'retail', 'depot', 'office', 'street']));
  });

  it('contracts what is installed, but for one station in forty', () => {
    const { stations } = demoNetwork({ stations: 400, seed: 1 });
    const short = stations.filter(
      ({ connectors, contractMaxW }) => contractMaxW < connectors.reduce((sum, { ratedW }) => sum + ratedW, 0),
    );
    expect(short).toHaveLength(10);
  });

  it('wires connectors as real sites do: phases in turn, one and three of them, feeders, thin cables', () => {
    const { stations } = demoNetwork({ stations: 400, seed: 'demo' });
    const electrics = stations.flatMap(({ connectors }) => connectors.map((connector) => connector.electrics));
    const kinds = <T>(read: (one: Electrics | undefined) => T): Set<T> => new Set(electrics.map(read));
    expect(kinds((one) => one?.phases)).toEqual(new Set([1, 3]));
    expect(kinds((one) => one?.phaseRotation)).toEqual(new Set(['RST', 'STR', 'TRS']));
    expect(kinds((one) => one?.voltageV)).toEqual(new Set([230, 240, 277]));
    expect(kinds((one) => one?.feeder).has(undefined)).toBe(false);
    expect(electrics.some((one) => one?.current === 'AC' && one.ratedA !== undefined)).toBe(true);
  });

  it('prices every connector outside of bus depots, in the currency of its region', () => {
    const { stations, sites, tariffs, assignments } = demoNetwork({ stations: 200, seed: 'demo' });
    const depots = new Set(sites.filter(({ kind }) => kind === 'depot').map(({ siteId }) => siteId));
    const currencies = new Map<string, Set<string | undefined>>();
    for (const { siteId, region, stationId, connectors } of stations)
      for (const { connectorType } of connectors) {
        const tariff = assignedTariff({ tariffs, assignments }, { stationId, siteId, connectorType }, 0);
        if (depots.has(siteId)) expect(tariff).toBeUndefined();
        else currencies.set(region, (currencies.get(region) ?? new Set()).add(tariff?.currency));
      }
    expect(Object.fromEntries([...currencies].map(([region, found]) => [region, [...found]]))).toEqual({
      ...{ scotland: ['GBP'], england: ['GBP'], netherlands: ['EUR'], germany: ['EUR'] },
      ...{ california: ['USD'], texas: ['USD'] },
    });
    for (const tariff of tariffs) expect(checkTariff(tariff)).toEqual(tariff);
  });

  it('has tags that are refused, each in its way, and enough that are not', () => {
    const { tags } = demoNetwork({ stations: 40, seed: 'demo' });
    const count = (status: string) => tags.filter((tag) => tag.status === status).length;
    expect(['Blocked', 'Expired', 'Invalid'].map(count)).toEqual([3, 2, 1]);
    expect(count('Accepted')).toBeGreaterThan(100);
  });
});

describe('the tags of a fleet', () => {
  it('are used at one place at a time', () => {
    const pool = tagPool(['a', 'b', 'c']);
    const chance = random('tags');
    const taken = [pool.take(chance), pool.take(chance), pool.take(chance)];
    expect(taken.toSorted()).toEqual(['a', 'b', 'c']);
    pool.release('b');
    expect(pool.take(chance)).toBe('b');
  });

  it('are shared only when there are more cars than tags', () => {
    const pool = tagPool(['a']);
    const chance = random('tags');
    expect([pool.take(chance), pool.take(chance)]).toEqual(['a', 'a']);
  });
});
