import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../domain/alerts/alert.ts';
import { evaluateStationChange } from '../../../domain/alerts/evaluate-change.ts';
import { afterEvaluation } from '../../../domain/alerts/lifecycle.ts';
import { groundFaultIn } from '../../../domain/alerts/rules/ground-fault.ts';
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

describe('a device event', () => {
  const rulesRaisedBy = (component: string, variable: string, value = 'true') =>
    raisedBy(deviceEvent(component, variable, value, {})).map((alert) => alert.slice(0, alert.indexOf('|')));

  it.each([
    ['CaseAccessSensor', 'Active'],
    ['CaseAccessSensor', 'Tripped'],
    ['FrontDoor', 'Open'],
    ['Cabinet', 'DOOR_OPEN'],
    ['Cabinet', 'reardoor'],
    ['Meter', 'EVLidOpened'],
    ['Cover', 'Open'],
    ['TamperSensor', 'State'],
  ])('of %s.%s is tampering', (component, variable) => {
    expect(rulesRaisedBy(component, variable)).toEqual(['tamper']);
  });

  it.each([
    ['RCD', 'Tripped'],
    ['RCD', 'Operated'],
    ['Connector', 'EVSEGroundFault'],
  ])('of %s.%s is a ground fault', (component, variable) => {
    expect(rulesRaisedBy(component, variable)).toEqual(['station-ground-fault']);
  });

  it.each([
    ['RCD', 'Enabled'],
    ['RCD', 'Problem'],
    ['RCDRecloser', 'Active'],
    ['CaseAccessSensor', 'Enabled'],
    ['CaseAccessSensor', 'Problem'],
    ['CaseAccessSensor', 'Available'],
    ['FrontDoor', 'TamperDetectionEnabled'],
    ['ISO15118Ctrlr', 'ContractValidationOffline'],
    ['Modem', 'Recovered'],
    ['OutdoorLight', 'Active'],
  ])('of %s.%s is no alert', (component, variable) => {
    expect(rulesRaisedBy(component, variable)).toEqual([]);
  });
});

describe('the text of a status (OCPP 1.6)', () => {
  const stationSaid = (info: string, at: number): StateChange => ({
    type: 'StationStatusChanged',
    id: `status/${at}`,
    at: minute(at),
    receivedAt: minute(at),
    from: 'available',
    to: 'unavailable',
    info,
  });
  /** Whether there is an alert after texts of a minute each. */
  const isTampered = (...texts: readonly string[]): boolean => {
    let alert: Alert | undefined;
    for (const [index, info] of texts.entries()) {
      const change = stationSaid(info, index);
      const step = {
        before: station(),
        after: station({ state: stationState({ outbox: [change] }) }),
        changes: [change],
      };
      for (const evaluation of evaluateStationChange(step, { ...context, now: minute(index) }))
        if (evaluation.rule.name === 'tamper') alert = afterEvaluation(alert, evaluation);
    }
    return alert?.phase === 'open';
  };

  it.each([
    'Door open',
    'DOOR_OPEN',
    'Cabinet door not closed',
    'Front door open, lid closed',
    'TamperDetected',
    'Tamper detected, door closed',
    'INTRUSION (door shut)',
  ])('is tampering where it says "%s", until the station says that it is over', (open) => {
    expect([isTampered(open), isTampered(open, 'DoorClosed'), isTampered(open, 'Door OK', open)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it.each([
    'Door closed',
    'DOOR_CLOSED',
    'Front door shut',
    'Door not open, closed',
    'Tamper restored',
    'No tamper',
    'Door closed. Tamper: none',
    'Tamper cleared, door closed',
  ])('is none where it says "%s"', (shut) => {
    expect(isTampered(shut)).toBe(false);
  });

  it('is a ground fault only where the report is not healthy', () => {
    const said = (patch: Parameters<typeof report>[0]) => groundFaultIn(report(patch)) !== undefined;
    expect([
      said({ status: 'available', info: 'RCD self-test passed' }),
      said({ status: 'charging', info: 'Ground fault cleared' }),
      said({ status: 'faulted', info: 'RCD tripped' }),
      said({ status: 'unavailable', info: 'Earth leakage' }),
      said({ status: 'available', errorCode: 'OtherError', info: 'RCD tripped' }),
      said({ status: 'available', vendorErrorCode: 'GroundFault' }),
      said({ status: 'available', errorCode: 'GroundFailure' }),
    ]).toEqual([false, false, true, true, true, true, true]);
  });
});

describe('what several sensors tell', () => {
  type Told = readonly [component: string, variable: string, value: string, detail?: object];
  /** Whether there is an alert after notes of a minute each, by its rule. */
  const left = (told: readonly Told[], place: object = {}): readonly string[] => {
    const alerts = new Map<string, Alert | undefined>();
    for (const [index, [component, variable, value, detail]] of told.entries()) {
      const topic = component === '' ? 'SecurityEventReported' : 'DeviceEventReported';
      const said = component === '' ? { event: variable } : { component, variable, value, ...detail };
      const note = { ...noted(topic, said, minute(index)), ...place } as StateChange;
      const step = { before: station(), after: station({ state: stationState({ outbox: [note] }) }), changes: [note] };
      for (const evaluation of evaluateStationChange(step, { ...context, now: minute(index) }))
        alerts.set(evaluation.rule.name, afterEvaluation(alerts.get(evaluation.rule.name), evaluation));
    }
    return [...alerts.values()].flatMap((alert) => (alert?.phase === 'open' ? [alert.rule] : []));
  };

  it('is one alert, as long as one of them tells of danger', () => {
    const rcd: Told = ['RCD', 'Tripped', 'true'];
    expect([
      left([rcd, ['RCD', 'Operated', 'false']], { evseId: 1 }),
      left([rcd, ['RCD', 'Operated', 'false'], ['RCD', 'Tripped', 'false']], { evseId: 1 }),
    ]).toEqual([['ground-fault'], []]);
    const hot: Told = ['TemperatureSensor', 'Temperature', '90'];
    expect([
      left([hot, ['ExternalTemperatureSensor', 'Temperature', '40']], { evseId: 1 }),
      left([hot, ['TemperatureSensor', 'Temperature', '40']], { evseId: 1 }),
    ]).toEqual([['high-temperature'], []]);
  });

  it('tells doors apart, also those that have the same name', () => {
    const open: Told = ['Door', 'Open', 'true', { instance: 'front' }];
    const rear: Told = ['Door', 'Open', 'true', { instance: 'rear' }];
    const shut: Told = ['Door', 'Open', 'false', { instance: 'front' }];
    expect([left([open, rear, shut]), left([open, shut])]).toEqual([['tamper'], []]);
  });

  it('is over where what says that a door is closed is true', () => {
    const closed = (value: string): Told => ['Cabinet', 'DoorClosed', value];
    expect([left([closed('true')]), left([closed('false')]), left([closed('false'), closed('true')])]).toEqual([
      [],
      ['tamper'],
      [],
    ]);
  });

  it('is not over for an attack when a door is shut', () => {
    const door = (value: string): Told => ['Door', 'Open', value];
    expect(left([door('true'), ['', 'AttemptedReplayAttacks', ''], door('false')])).toEqual(['tamper']);
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
