import { describe, expect, it } from 'vitest';
import { evaluateStationChange } from '../../../domain/alerts/evaluate-change.ts';
import { afterEvaluation } from '../../../domain/alerts/lifecycle.ts';
import { stationFault } from '../../../domain/alerts/rules/station-fault.ts';
import { defaultThresholds } from '../../../domain/alerts/thresholds.ts';
import type { StateChange } from '../../../domain/kernel/state-change.ts';
import { minute, noted, report, station, stationState } from './fixtures.ts';

const context = { now: minute(2), thresholds: defaultThresholds, station: { heardAt: minute(2), connected: true } };

const deviceEvent = (
  component: string,
  variable: string,
  value: string,
  place: { evseId?: number; connectorId?: number },
): StateChange =>
  ({ ...noted('DeviceEventReported', { component, variable, value }, minute(2)), ...place }) as StateChange;

/** The alerts a station's note raises, by their condition. */
const raisedBy = (note: StateChange): readonly string[] => {
  const step = { before: station(), after: station({ state: stationState({ outbox: [note] }) }), changes: [note] };
  return evaluateStationChange(step, context)
    .map((evaluation) => afterEvaluation(undefined, evaluation))
    .flatMap((alert) => (alert?.phase === 'open' ? [`${alert.condition} ${alert.summary}`] : []));
};

const tripped = 'Ground fault: residual-current protection tripped';

describe('what a station notes about one of its connectors', () => {
  it.each([
    ['the connector', { evseId: 1, connectorId: 2 }, 'connector:CS-1#1#2'],
    ['the only connector of the EVSE', { evseId: 1 }, 'connector:CS-1#1#1'],
    ['an EVSE nobody registered', { evseId: 9 }, 'connector:CS-1#9#1'],
  ])('is an alert of %s, and none of the station', (_, place, subject) => {
    expect(raisedBy(deviceEvent('RCD', 'Tripped', 'true', place))).toEqual([`ground-fault|${subject} ${tripped}`]);
  });

  it('is an alert of the station where it names no connector', () => {
    expect(raisedBy(deviceEvent('RCD', 'Tripped', 'true', {}))).toEqual([
      `station-ground-fault|station:CS-1 ${tripped}`,
    ]);
  });

  it.each([
    ['95', ['high-temperature|connector:CS-1#1#1 95 °C']],
    ['79.9', []],
    ['', []],
    ['warm', []],
  ])('tells a temperature of "%s" °C', (value, alerts) => {
    expect(raisedBy(deviceEvent('Connector', 'Temperature', value, { evseId: 1, connectorId: 1 }))).toEqual(alerts);
  });
});

describe('an error code of the station itself', () => {
  const found = (errorCode: string | undefined, status: 'available' | 'faulted') =>
    stationFault.check?.(
      station({ state: stationState({ report: report({ status, ...(errorCode ? { errorCode } : {}) }) }) }),
      { ...context, holding: false },
    )?.severity;

  it('is a warning while the station is not faulted', () => {
    expect([found('PowerMeterFailure', 'available'), found('PowerMeterFailure', 'faulted')]).toEqual([
      'warning',
      'major',
    ]);
  });

  it('is left to the rule that has it', () => {
    expect([
      found('WeakSignal', 'available'),
      found('GroundFailure', 'faulted'),
      found(undefined, 'available'),
    ]).toEqual([undefined, undefined, undefined]);
  });
});
