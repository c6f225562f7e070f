import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../domain/alerts/alert.ts';
import type { ThresholdOverrides } from '../../../domain/alerts/thresholds.ts';
import type { Connector } from '../../../domain/connector/connector.ts';
import { memoryAlertTable } from '../../fakes/alert-table.ts';
import { charging, connector, MINUTE, minute, noon, report, station } from './fixtures.ts';
import { type Chapter, type Story, sweepOnce, tell } from './story.ts';

/** The alerts a story raises, each with the minutes it was raised and cleared at. */
const raisedBy = async (story: Story, untilMinute: number, overrides: ThresholdOverrides = {}) => {
  const table = memoryAlertTable();
  await tell(table, story, untilMinute, overrides);
  const minuteOf = (at: number): number => (at - minute(0)) / MINUTE;
  return table.told.map(({ alert, change }) => `${alert.rule} ${change.type} ${minuteOf(change.at)}`);
};

describe('silent-station', () => {
  /** A station in good health sends a heartbeat every 9 minutes; the gateway notes the first one of every quarter-hour. */
  const beating: Story = Array.from(
    { length: 10 },
    (_, index) => [index * 18, { kind: 'station', snapshot: station({ lastSeenAt: minute(index * 18) }) }] as const,
  );

  it.each([
    ['as built in', {}],
    ['one heartbeat', { silentHeartbeats: 1 }],
    ['none at all', { silentHeartbeats: 0 }],
    ['a minute', { heartbeatIntervalMs: MINUTE, silentHeartbeats: 1 }],
  ])('leaves a healthy station alone, whatever the threshold: %s', async (_what, threshold) => {
    expect(await raisedBy(beating, 170, { '*': threshold })).toEqual([]);
  });

  it('is raised as soon as silence is certain', async () => {
    const last: Story = [[0, { kind: 'station', snapshot: station({ lastSeenAt: minute(0) }) }]];
    expect(await raisedBy(last, 60, { '*': { silentHeartbeats: 1 } })).toEqual(['silent-station AlertRaised 24']);
    expect(await raisedBy(last, 60)).toEqual(['silent-station AlertRaised 27']);
    expect(await raisedBy(last, 60, { '*': { silentHeartbeats: 5 } })).toEqual(['silent-station AlertRaised 45']);
  });
});

describe('stalled-session', () => {
  const stalled = (stationHeardAt: number, stationConnected: boolean): Chapter => ({
    kind: 'connector',
    snapshot: charging(5),
    stationHeardAt,
    stationConnected,
  });

  it('tells of a meter that fell silent although the heartbeats of its station were last noted before', async () => {
    // Noted a moment before the last reading: the next note comes a quarter-hour later.
    const story: Story = [[5, stalled(minute(4), true)]];
    expect(await raisedBy(story, 30)).toEqual(['stalled-session AlertRaised 16']);
  });

  it('is left to station-offline where the connection is gone', async () => {
    expect(await raisedBy([[5, stalled(minute(4), false)]], 60)).toEqual([]);
  });

  it('says since when, as its text does', async () => {
    const table = memoryAlertTable();
    const snapshot = charging(5, { deliveredAt: minute(3) });
    await sweepOnce(table, { kind: 'connector', snapshot, stationHeardAt: minute(20) }, minute(25), {});
    const [alert] = table.all();
    expect([alert?.since, alert?.summary, alert?.detail.cause]).toEqual([
      minute(5),
      'No meter values for 20 min',
      'NO_METER',
    ]);
  });
});

describe('idle-occupied', () => {
  const full = (patch: Partial<Connector> = {}): Connector => ({
    ...charging(20, { deliveredAt: minute(10) }),
    status: 'suspendedEV',
    statusAt: minute(11),
    ...patch,
  });
  const finishing = connector({
    status: 'finishing',
    statusAt: minute(60),
    report: report({ status: 'finishing', vendorStatus: 'Finishing', at: minute(60) }),
  });
  const c = (snapshot: Connector): Chapter => ({ kind: 'connector', snapshot });

  it('goes on when the session of a car that is full ends, and clears when the car leaves', async () => {
    const story: Story = [
      [11, c(full())],
      [60, c(finishing)],
      [95, c(connector({ statusAt: minute(95) }))],
    ];
    expect(await raisedBy(story, 100)).toEqual(['idle-occupied AlertRaised 41', 'idle-occupied AlertCleared 95']);
  });

  it('begins with the end of the session where the status says no more than Occupied, and not with the next car', async () => {
    const occupied = (at: number): Connector =>
      connector({
        status: 'occupied',
        statusAt: minute(at),
        report: report({ status: 'occupied', vendorStatus: 'Occupied', at: minute(at) }),
        recent: [
          { sessionId: 'session-1', transactionId: '1', startedAt: noon, endedAt: minute(30), phase: 'settled' },
        ],
      });
    const story: Story = [
      [25, c(charging(25))],
      [30, c(occupied(0))],
      [95, c(connector({ statusAt: minute(95) }))],
      [100, c(occupied(100))],
    ];
    expect(await raisedBy(story, 150)).toEqual(['idle-occupied AlertRaised 60', 'idle-occupied AlertCleared 95']);
  });

  it('clears when the car charges again', async () => {
    const story: Story = [
      [11, c(full())],
      [50, c({ ...charging(50), statusAt: minute(50) })],
    ];
    expect(await raisedBy(story, 52)).toEqual(['idle-occupied AlertRaised 41', 'idle-occupied AlertCleared 50']);
  });
});

describe('availability-unchanged', () => {
  const toGoOut = {
    commandId: 'c1',
    operative: false,
    scheduled: false,
    requestedAt: minute(2),
    agreedAt: minute(2),
  };
  const inService = (snapshot: Connector): Chapter => ({
    kind: 'connector',
    snapshot: { ...snapshot, pendingAvailability: toGoOut },
  });
  const preparing = connector({
    status: 'preparing',
    statusAt: minute(20),
    report: report({ status: 'preparing', vendorStatus: 'Preparing', at: minute(20) }),
  });

  it('stays while cars come and go at a connector that was to go out of service, and clears when it has gone', async () => {
    const story: Story = [
      [2, inService(connector())],
      [20, inService(preparing)],
      [21, inService({ ...charging(21, { startedAt: minute(21) }), statusAt: minute(21) })],
      [25, inService(connector({ statusAt: minute(25) }))],
      [60, { kind: 'connector', snapshot: connector({ status: 'unavailable', statusAt: minute(60) }) }],
    ];
    expect(await raisedBy(story, 70)).toEqual([
      'availability-unchanged AlertRaised 7',
      'availability-unchanged AlertCleared 60',
    ]);
  });

  it('says how long ago the station agreed, whatever status came since', async () => {
    const table = memoryAlertTable();
    await tell(table, [[0, inService(preparing)]], 30, {});
    expect(table.all().map(({ summary }) => summary)).toEqual(['Not out of service 23 min after the station agreed']);
  });
});

describe('the text of an alert', () => {
  const summaryOf = async (chapter: Chapter, overrides: ThresholdOverrides = {}): Promise<Alert | undefined> => {
    const table = memoryAlertTable();
    for (const at of [0, 5]) await sweepOnce(table, chapter, minute(at), overrides);
    return table.all().at(-1);
  };

  it('follows what the connector reports last', async () => {
    const table = memoryAlertTable();
    const reporting = (errorCode: string, at: number): Chapter => ({
      kind: 'connector',
      snapshot: connector({ status: 'faulted', report: report({ status: 'faulted', errorCode, at: minute(at) }) }),
    });
    const story: Story = [
      [1, reporting('OverVoltage', 1)],
      [5, reporting('PowerSwitchFailure', 5)],
    ];
    await tell(table, story, 6, {});
    expect([table.all().map(({ summary }) => summary), table.told.length]).toEqual([
      ['Faulted (PowerSwitchFailure)'],
      1,
    ]);
  });

  it('gives the very figures it was evaluated by', async () => {
    const snapshot = station({ connectors: [charging(5, { powerW: 60_040 })] });
    const alert = await summaryOf({ kind: 'station', snapshot });
    expect([alert?.summary, alert?.detail]).toEqual([
      'Draws 60.04 kW, contract allows 60 kW',
      { loadW: 60_040, contractMaxW: 60_000 },
    ]);
  });
});
