import { describe, expect, it } from 'vitest';
import { demoNetwork } from '../../simulator/network.ts';

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

  it('contracts less power than is installed, as operators do', () => {
    for (const { connectors, contractMaxW } of demoNetwork({ stations: 100, seed: 1 }).stations)
      expect(contractMaxW).toBeLessThan(connectors.reduce((sum, { ratedW }) => sum + ratedW, 0));
  });
});
