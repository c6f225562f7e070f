import { describe, expect, it } from 'vitest';
import type { ConnectorStatus } from '../../../domain/kernel/connector-status.ts';
import { portIntervals } from '../../../domain/uptime/port-intervals.ts';

const stretch = (fromAt: number, toAt: number, status: ConnectorStatus) => ({ fromAt, toAt, status });
const statuses = (...connectors: ConnectorStatus[]) =>
  portIntervals(connectors.map((status) => [stretch(0, 10, status)])).map(({ status }) => status);

describe('a port with several connectors', () => {
  it.each<[ConnectorStatus, ConnectorStatus, ConnectorStatus]>([
    ['unavailable', 'charging', 'charging'],
    ['occupied', 'suspendedEV', 'occupied'],
    ['faulted', 'available', 'available'],
    ['available', 'charging', 'charging'],
    ['faulted', 'unavailable', 'faulted'],
    ['offline', 'faulted', 'faulted'],
    ['offline', 'offline', 'offline'],
    ['unknown', 'available', 'available'],
  ])('is, with %s beside %s, %s', (one, other, expected) => {
    expect(statuses(one, other)).toEqual([expected]);
  });

  it('is down only while none of its connectors is in service', () => {
    expect(
      portIntervals([
        [stretch(0, 30, 'charging'), stretch(30, 100, 'unavailable')],
        [stretch(0, 50, 'unavailable'), stretch(50, 60, 'faulted'), stretch(60, 100, 'available')],
      ]),
    ).toEqual([
      stretch(0, 30, 'charging'),
      stretch(30, 50, 'unavailable'),
      stretch(50, 60, 'unavailable'),
      stretch(60, 100, 'available'),
    ]);
  });

  it('is its connector where it has only one', () => {
    expect(portIntervals([[stretch(0, 5, 'faulted'), stretch(5, 9, 'available')]])).toEqual([
      stretch(0, 5, 'faulted'),
      stretch(5, 9, 'available'),
    ]);
  });
});
