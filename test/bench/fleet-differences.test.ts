import { describe, expect, it } from 'vitest';
import type { ConnectorRecord, StationRecord } from '../../simulator/charge-point/station-record.ts';
import { fleetDifferences, type SeenConnector, type SeenSession } from '../../simulator/fleet-differences.ts';

const transaction = { transactionId: 't1', tag: 'T', startedAt: 1000, energyWh: 420, sampledAt: 2000 };
const charging: ConnectorRecord = {
  evseId: 1,
  connectorId: 1,
  status: 'Charging',
  state: 'Charging',
  registerWh: 1420,
  powerW: 0,
  offeredW: 50_000,
  acceptedW: 50_000,
  transaction,
};
const ended = {
  evseId: 1,
  connectorId: 1,
  transactionId: 't0',
  tag: 'T',
  startedAt: 100,
  endedAt: 900,
  energyWh: 77,
  reason: 'Local',
} as const;
const station = (connector: ConnectorRecord, ocpp: StationRecord['ocpp'] = '1.6'): StationRecord => ({
  stationId: 'S',
  ocpp,
  connected: true,
  pending: 0,
  connectors: [connector],
  transactions: [ended],
});
const connector: SeenConnector = {
  stationId: 'S',
  evseId: 1,
  connectorId: 1,
  status: 'charging',
  session: { transactionId: 't1', energyWh: 420 },
};
const stored: SeenSession = { stationId: 'S', transactionId: 't0', startedAt: 100, endedAt: 900, energyWh: 77 };

describe('the comparison of the fleet with the stack', () => {
  it('finds nothing where they agree', () => {
    expect(fleetDifferences([station(charging)], [connector], [stored])).toEqual([]);
  });

  it('names a connector, a session and every field that differs', () => {
    const seen = { ...connector, status: 'available', session: { transactionId: 't2', energyWh: 419 } };
    expect(fleetDifferences([station(charging)], [seen], [{ ...stored, endedAt: 901, energyWh: 78 }])).toEqual([
      'S 1/1: status is available, the station says charging',
      'S 1/1: transaction is t2, the station says t1',
      'S 1/1: energyWh is 419, the station says 420',
      'S session t0: endedAt is 901, the station says 900',
      'S session t0: energyWh is 78, the station says 77',
    ]);
  });

  it('misses what is not there at all', () => {
    expect(fleetDifferences([station(charging)], [], [])).toEqual([
      'S 1/1: not there',
      'S session t0: not in the stores',
    ]);
  });

  it('expects no session where the stack refused the tag and nothing flowed, and one where energy did', () => {
    const refused = (energyWh: number): StationRecord => ({
      ...station(charging),
      transactions: [{ ...ended, reason: 'DeAuthorized', energyWh }],
    });
    expect(fleetDifferences([refused(0)], [connector], [])).toEqual([]);
    expect(fleetDifferences([refused(77)], [connector], [])).toEqual(['S session t0: not in the stores']);
    const told = { ...stored, startedAt: 101, energyWh: 0 };
    expect(fleetDifferences([refused(0)], [connector], [told])).toEqual([
      'S session t0: startedAt is 101, the station says 100',
    ]);
  });

  it('expects of a 2.0.1 station that says Occupied what its transaction tells', () => {
    const { transaction: _, ...idle } = charging;
    const suspended: ConnectorRecord = { ...charging, status: 'Occupied', state: 'SuspendedEV' };
    const seen = { ...connector, status: 'suspendedEV' };
    expect(fleetDifferences([station(suspended, '2.0.1')], [seen], [stored])).toEqual([]);
    const occupied: ConnectorRecord = { ...idle, status: 'Occupied', state: 'Finishing' };
    const left = { ...connector, status: 'occupied', session: null };
    expect(fleetDifferences([station(occupied, '2.0.1')], [left], [stored])).toEqual([]);
  });
});
