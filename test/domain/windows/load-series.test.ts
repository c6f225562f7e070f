import { describe, expect, it } from 'vitest';
import { type ConnectorLoad, placeLoad } from '../../../domain/windows/load-series.ts';

const load = (stationId: string, meanW: number, more: Partial<ConnectorLoad> = {}): ConnectorLoad => ({
  stationId,
  meanW,
  energyWh: meanW / 60,
  inSession: true,
  carried: false,
  ...more,
});

describe('load of a place', () => {
  it('sums means of connectors, whatever number of samples they rest on, over the capacity of all stations', () => {
    const loads = [
      load('A', 30_000, { maxW: 45_000 }),
      load('A', 12_000),
      load('B', 0),
      load('C', 0, { inSession: false }),
    ];
    expect(placeLoad({ loads, stations: 4, connectors: 8, capacityW: 168_000 })).toEqual({
      loadW: 42_000,
      energyWh: 700,
      meanConnectorW: 21_000,
      maxConnectorW: 45_000,
      activeSessions: 3,
      activeConnectors: 2,
      activeStations: 1,
      carriedConnectors: 0,
      stations: 4,
      connectors: 8,
      capacityW: 168_000,
      utilisationPercent: 25,
    });
  });

  it('shows an idle place as idle, not as missing', () => {
    expect(placeLoad({ loads: [], stations: 1, connectors: 2, capacityW: 50_000 })).toEqual({
      loadW: 0,
      energyWh: 0,
      activeSessions: 0,
      activeConnectors: 0,
      activeStations: 0,
      carriedConnectors: 0,
      stations: 1,
      connectors: 2,
      capacityW: 50_000,
      utilisationPercent: 0,
    });
  });
});
