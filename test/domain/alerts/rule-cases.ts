import type { NetworkSnapshot } from '../../../domain/alerts/network-snapshot.ts';
import type { ThresholdOverrides } from '../../../domain/alerts/thresholds.ts';
import type { Connector, PendingAvailability } from '../../../domain/connector/connector.ts';
import type { StateChange } from '../../../domain/kernel/state-change.ts';
import type { StationState } from '../../../domain/station/station-state.ts';
import {
  charging,
  connector,
  HOUR,
  limitedTo,
  MINUTE,
  minute,
  noon,
  noted,
  report,
  session,
  site,
  station,
  stationState,
} from './fixtures.ts';
import type { Chapter, Story } from './story.ts';

export type RuleCase = {
  readonly rule: string;
  /** Healthy, then sick, then healthy again. */
  readonly story: Story;
  /** Minutes from noon. */
  readonly raised: number;
  readonly cleared: number;
  readonly severity: string;
  /** Where the condition began, minutes from noon: the occasion in the alert's id. */
  readonly since: number;
  readonly overrides?: ThresholdOverrides;
  /** Why the same picture is no alert. */
  readonly silent?: readonly (readonly [why: string, story: Story])[];
};

const c = (snapshot: Connector): Chapter => ({ kind: 'connector', snapshot });
const s = (patch: Parameters<typeof station>[0] = {}): Chapter => ({ kind: 'station', snapshot: station(patch) });
const state = (patch: Partial<StationState>): Chapter => s({ state: stationState(patch) });
const n = (snapshot: NetworkSnapshot): Chapter => ({ kind: 'network', snapshot });

/** Agreed to at `at` minutes after noon. */
const toGoOut = (at: number): PendingAvailability => ({
  commandId: 'c1',
  operative: false,
  scheduled: true,
  requestedAt: minute(at),
  agreedAt: minute(at),
});

const faulted = (errorCode: string, at = minute(2)): Connector =>
  connector({
    status: 'faulted',
    statusAt: at,
    report: report({ status: 'faulted', vendorStatus: 'Faulted', errorCode, at, receivedAt: at }),
  });
const healthyAt = (at: number): Connector => connector({ report: report({ at: minute(at), receivedAt: minute(at) }) });

/** A session since noon that has crawled at 500 W since minute 20, as seen at each minute. */
const crawling = (now: number, patch: Partial<Connector> = {}): Chapter => {
  const before = (40_000 * 20) / 60;
  const energyWh = before + (500 * (now - 20)) / 60;
  return c({
    ...charging(now, {
      energyWh,
      powerW: 500,
      curve: [
        [0, 0],
        [1200, before],
        [now * 60, energyWh],
      ],
    }),
    ...patch,
  });
};
/** Every minute from `from` to `to`. */
const eachMinute = (from: number, to: number, at: (minutes: number) => Chapter): Story =>
  Array.from({ length: to - from + 1 }, (_, index) => [from + index, at(from + index)] as const);

const parked = (records: number, newestAt?: number): Chapter =>
  n({ topic: 'parked', name: 'parked-records', records, ...(newestAt === undefined ? {} : { newestAt }) });
const firmware = (faultedConnectors: number): Chapter =>
  n({
    topic: 'fleet',
    name: 'Example Fifty 1.1',
    connectors: 40,
    faulted: faultedConnectors,
    otherConnectors: 400,
    otherFaulted: 4,
  });
const response = (deliveredW: number): Chapter =>
  n({ topic: 'response', name: 'event-1 zone-1', askedW: 100_000, deliveredW, measuredSince: noon });

const connections = (times: readonly number[]): Story =>
  times.map((at) => [at, s({ connectivity: { connectionId: `socket-${at}`, connectedAt: minute(at) } })] as const);

/** A measurement at `at` that took `delaySec` to arrive. */
const measured = (at: number, delaySec: number): Chapter => {
  const change: StateChange = {
    type: 'SessionMeasured',
    id: `measured/${at}`,
    at: minute(at),
    receivedAt: minute(at) + delaySec * 1000,
    evseId: 1,
    connectorId: 1,
    sessionId: 'session-1',
    energyWh: 1,
  };
  return c({ ...charging(at), outbox: [change] });
};

/** A status of a clock that is an hour late: it counts from when the station was heard of again. */
const moved = (at: number): Chapter => {
  const change: StateChange = {
    type: 'ConnectorStatusChanged',
    id: `status/${at}`,
    at: minute(0),
    receivedAt: minute(0) + (at % 2) * 45_000,
    evseId: 1,
    connectorId: 1,
    from: 'available',
    to: 'preparing',
    fromAt: minute(0),
  };
  return c(connector({ outbox: [change] }));
};

export const ruleCases: readonly RuleCase[] = [
  {
    rule: 'connector-fault',
    severity: 'major',
    story: [
      [0, c(connector())],
      [2, c(faulted('ConnectorLockFailure'))],
      [9, c(healthyAt(9))],
    ],
    since: 2,
    raised: 2,
    cleared: 9,
    silent: [
      ['the station is offline', [[0, c({ ...faulted('ConnectorLockFailure'), status: 'offline' })]]],
      [
        'the whole station is faulted, which is told once',
        [
          [
            0,
            c(connector({ status: 'faulted', stationReport: report({ status: 'faulted', vendorStatus: 'Faulted' }) })),
          ],
        ],
      ],
    ],
  },
  {
    rule: 'ground-fault',
    severity: 'critical',
    story: [
      [0, c(connector())],
      [2, c(faulted('GroundFailure'))],
      [9, c(healthyAt(9))],
    ],
    since: 2,
    raised: 2,
    cleared: 9,
  },
  {
    rule: 'high-temperature',
    severity: 'major',
    story: [
      [0, c(charging(0, { temperatureC: 60 }))],
      [2, c(charging(2, { temperatureC: 85 }))],
      [4, c(charging(4, { temperatureC: 78 }))],
      [6, c(charging(6, { temperatureC: 74 }))],
    ],
    since: 2,
    raised: 2,
    cleared: 6,
    silent: [['it is warm, not hot', [[0, c(charging(1, { temperatureC: 78 }))]]]],
  },
  {
    rule: 'low-power',
    severity: 'warning',
    story: [
      ...eachMinute(20, 65, (now) => crawling(now)),
      [66, c(connector({ report: report({ at: minute(66), receivedAt: minute(66) }) }))],
    ],
    // It charged well before: half an hour at 500 W is the first window that tells of nothing else.
    since: 50,
    raised: 50,
    cleared: 66,
    silent: [
      [
        'the car pauses',
        eachMinute(20, 60, (now) =>
          crawling(now, { status: 'suspendedEV', report: report({ status: 'suspendedEV' }) }),
        ),
      ],
      [
        'it has only just gone on after a pause',
        eachMinute(20, 60, (now) => crawling(now, { statusAt: minute(now - 2) })),
      ],
      ['the limit is low', eachMinute(20, 60, (now) => crawling(now, limitedTo(600)))],
      ['the limit is less than a car charges with', eachMinute(20, 60, (now) => crawling(now, limitedTo(1_500)))],
      [
        'the limit was low until a moment ago',
        eachMinute(20, 60, (now) =>
          crawling(now, {
            ...limitedTo(11_000, now - 1),
            replacedLimits: [{ untilAt: minute(now - 1), limitW: 600 }],
          }),
        ),
      ],
      [
        'the battery is nearly full',
        eachMinute(20, 60, (now) => {
          const chapter = crawling(now);
          if (chapter.kind !== 'connector' || !chapter.snapshot.session) return chapter;
          return c({ ...chapter.snapshot, session: { ...chapter.snapshot.session, socPercent: 92 } });
        }),
      ],
      [
        'it has not been metered for long enough',
        [
          [
            5,
            c(
              charging(5, {
                powerW: 500,
                energyWh: 40,
                curve: [
                  [0, 0],
                  [300, 40],
                ],
              }),
            ),
          ],
        ],
      ],
    ],
  },
  {
    rule: 'unauthorized-session',
    severity: 'warning',
    story: [
      [0, c(charging(0, { flags: ['tagRefused'] }))],
      [2, c(charging(2, { flags: ['tagRefused'] }))],
      [6, c(charging(6, { flags: ['tagRefused'] }))],
      [9, c(connector())],
    ],
    since: 0,
    raised: 2,
    cleared: 9,
    silent: [['the refused car gets no energy', [[5, c(charging(5, { flags: ['tagRefused'], energyWh: 0 }))]]]],
  },
  {
    rule: 'stalled-session',
    severity: 'warning',
    story: [
      [5, c(charging(5))],
      [40, c(charging(40))],
    ],
    since: 5,
    raised: 15,
    cleared: 40,
    silent: [
      [
        'its meter is read every 20 min only',
        [
          [5, c(charging(5, { sampleIntervalMs: 20 * MINUTE }))],
          [50, c(charging(50))],
        ],
      ],
      [
        'the station is offline',
        [
          [5, c({ ...charging(5), status: 'offline' })],
          [50, c(charging(50))],
        ],
      ],
      [
        'nothing is heard from its station either',
        [
          [5, { kind: 'connector', snapshot: charging(5), stationHeardAt: minute(6) }],
          [50, c(charging(50))],
        ],
      ],
      [
        'the connector says that it is free: the stop was lost',
        [
          [5, c({ ...charging(5), report: report({ at: minute(6), receivedAt: minute(6) }) })],
          [50, c(charging(50))],
        ],
      ],
      [
        'the car pauses',
        [
          [5, c({ ...charging(5), status: 'suspendedEV', statusAt: minute(5) })],
          [30, c(charging(30))],
        ],
      ],
      [
        'a limit of ours pauses it, and the station goes on saying that it charges',
        [
          ...eachMinute(5, 44, (now) =>
            c({
              ...charging(now, { powerW: 0, deliveredAt: minute(5) }),
              ...(now < 35 ? limitedTo(0, 5) : limitedTo(11_000, 35)),
              ...(now < 35 ? {} : { replacedLimits: [{ untilAt: minute(35), limitW: 0 }] }),
            }),
          ),
          [45, c(charging(45))],
        ],
      ],
      [
        'a limit of ours leaves less than a car charges with',
        [
          ...eachMinute(5, 44, (now) =>
            c({ ...charging(now, { powerW: 0, deliveredAt: minute(5) }), ...limitedTo(1_500, 5) }),
          ),
          [45, c(charging(45))],
        ],
      ],
    ],
  },
  {
    rule: 'endless-session',
    severity: 'warning',
    story: [
      [0, c({ ...charging(0), session: session(0, { startedAt: minute(-24 * 60 + 3) }) })],
      [8, c(connector())],
    ],
    since: 3,
    // Time alone brings it about, so the sweep tells it, after the lag it grants the change stream.
    raised: 5,
    cleared: 8,
  },
  {
    rule: 'meter-suspect',
    severity: 'warning',
    story: [
      [0, c(charging(0))],
      [2, c(charging(2, { flags: ['meterSuspect'] }))],
      [6, c(connector())],
    ],
    since: 0,
    raised: 2,
    cleared: 6,
  },
  {
    rule: 'setpoint-exceeded',
    severity: 'major',
    story: [
      [1, c({ ...charging(1), ...limitedTo(50_000) })],
      [2, c({ ...charging(2), ...limitedTo(20_000) })],
      [3, c({ ...charging(3), ...limitedTo(20_000) })],
      [4, c({ ...charging(4), ...limitedTo(20_000) })],
      [5, c({ ...charging(5), ...limitedTo(20_000) })],
      [6, c({ ...charging(6, { powerW: 19_900 }), ...limitedTo(20_000) })],
    ],
    since: 2,
    raised: 4,
    cleared: 6,
    silent: [
      ['it draws less', [[1, c({ ...charging(1), ...limitedTo(60_000) })]]],
      [
        'it settles in time',
        [
          [1, c({ ...charging(1), ...limitedTo(20_000) })],
          [2, c({ ...charging(2, { powerW: 20_300 }), ...limitedTo(20_000) })],
        ],
      ],
      ...[5, 15].map((interval): [string, Story] => {
        const sampled = (at: number, powerW: number) =>
          c({ ...charging(at, { powerW, sampleIntervalMs: interval * MINUTE }), ...limitedTo(10_000, 31) });
        const last = Math.floor(31 / interval) * interval;
        return [
          `it follows at once, and is sampled every ${interval} minutes`,
          [
            [31, sampled(last, 40_000)],
            [last + interval, sampled(last + interval, 10_000)],
          ],
        ];
      }),
      [
        'its only sample was taken while it may still follow',
        [[16, c({ ...charging(16, { sampleIntervalMs: 15 * MINUTE }), ...limitedTo(10_000, 15) })]],
      ],
    ],
  },
  {
    rule: 'idle-occupied',
    severity: 'info',
    story: [
      [5, c(charging(5))],
      [6, c({ ...charging(5), status: 'suspendedEV', statusAt: minute(6), report: report({ status: 'suspendedEV' }) })],
      [50, c(connector())],
    ],
    since: 6,
    raised: 36,
    cleared: 50,
    silent: [
      [
        'we paused it',
        [
          [
            6,
            c({
              ...charging(5),
              status: 'suspendedEVSE',
              statusAt: minute(6),
              report: report({ status: 'suspendedEVSE' }),
            }),
          ],
        ],
      ],
    ],
  },
  {
    rule: 'slow-messages',
    severity: 'warning',
    story: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((at) => [at, measured(at, at % 2 === 0 ? 45 : 1)] as const),
    since: 2,
    raised: 10,
    cleared: 71,
    overrides: { '*': { stallMs: 10 * HOUR } },
    silent: [
      [
        'old stamps are moved to the end of an offline time',
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((at) => [at, moved(at)] as const),
      ],
      ['its clock is merely late', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((at) => [at, measured(at, 90)] as const)],
    ],
  },
  {
    rule: 'station-fault',
    severity: 'major',
    story: [
      [0, s()],
      [
        2,
        state({
          report: report({ status: 'faulted', vendorStatus: 'Faulted', errorCode: 'PowerMeterFailure', at: minute(2) }),
        }),
      ],
      [8, state({ report: report({ at: minute(8) }) })],
    ],
    since: 2,
    raised: 2,
    cleared: 8,
  },
  {
    rule: 'station-ground-fault',
    severity: 'critical',
    story: [
      [0, s()],
      [
        2,
        state({
          outbox: [noted('DeviceEventReported', { component: 'RCD', variable: 'Tripped', value: 'true' }, minute(2))],
        }),
      ],
      [
        8,
        state({
          outbox: [noted('DeviceEventReported', { component: 'RCD', variable: 'Tripped', value: 'false' }, minute(8))],
        }),
      ],
    ],
    since: 2,
    raised: 2,
    cleared: 8,
  },
  {
    rule: 'tamper',
    severity: 'critical',
    story: [
      [0, s()],
      [2, state({ outbox: [noted('SecurityEventReported', { event: 'TamperDetectionActivated' }, minute(2))] })],
      [3, state({})],
    ],
    since: 2,
    raised: 2,
    cleared: 24 * 60 + 2,
    overrides: { '*': { silentHeartbeats: 1_000, escalateCriticalMs: 0 } },
    silent: [
      [
        'the event is routine',
        [[2, state({ outbox: [noted('SecurityEventReported', { event: 'SettingSystemTime' }, minute(2))] })]],
      ],
    ],
  },
  {
    rule: 'station-offline',
    severity: 'major',
    story: [
      [0, s()],
      [2, s({ connectivity: { connectedAt: minute(-60), disconnectedAt: minute(2) } })],
      [20, s({ connectivity: { connectionId: 'socket-2', connectedAt: minute(20) } })],
    ],
    since: 2,
    raised: 7,
    cleared: 20,
    silent: [
      [
        'the 2-hour cut is healed within the grace',
        [
          [0, s()],
          [2, s({ connectivity: { connectedAt: minute(-118), disconnectedAt: minute(2) } })],
          [6, s({ connectivity: { connectionId: 'socket-2', connectedAt: minute(6) } })],
        ],
      ],
      ['it has never been in service', [[0, s({ connectivity: {} })]]],
    ],
  },
  {
    rule: 'silent-station',
    severity: 'major',
    story: [
      [0, s({ lastSeenAt: noon })],
      [60, s({ lastSeenAt: minute(60) })],
    ],
    since: 0,
    raised: 27,
    cleared: 60,
    silent: [
      [
        'its connectors speak while it leaves its heartbeats out',
        [[0, s({ lastSeenAt: minute(-40), connectors: [connector({ lastSeenAt: minute(30) })] })]],
      ],
    ],
  },
  {
    rule: 'weak-connection',
    severity: 'warning',
    story: connections([0, 5, 8, 12, 15, 18]),
    since: 5,
    raised: 18,
    cleared: 78,
    overrides: { '*': { silentHeartbeats: 1_000 } },
    silent: [['its connections last for two hours', connections([0, 120, 240])]],
  },
  {
    rule: 'sub-meter-mismatch',
    severity: 'warning',
    story: eachMinute(1, 30, (now) =>
      s({
        state: stationState({ mainMeter: { at: minute(now), powerW: now < 5 || now > 25 ? 41_000 : 60_000 } }),
        connectors: [charging(now)],
      }),
    ),
    since: 5,
    raised: 20,
    cleared: 26,
    silent: [
      [
        'a connector does not say what it draws',
        eachMinute(1, 30, (now) =>
          s({
            state: stationState({ mainMeter: { at: minute(now), powerW: 60_000 } }),
            connectors: [{ ...charging(now), status: 'offline', statusAt: minute(0) }],
          }),
        ),
      ],
    ],
  },
  {
    rule: 'clock-skew',
    severity: 'warning',
    story: [
      [0, s()],
      [2, state({ clockOffsetMs: -HOUR })],
      [8, state({})],
    ],
    since: 2,
    raised: 2,
    cleared: 8,
  },
  {
    rule: 'contract-overload',
    severity: 'critical',
    story: eachMinute(1, 14, (now) =>
      s({
        connectors: [
          charging(now),
          {
            ...charging(now, { powerW: now < 3 ? 10_000 : now < 9 ? 40_000 : now < 11 ? 19_500 : 15_000 }),
            connectorId: 2,
          },
        ],
      }),
    ),
    since: 3,
    raised: 5,
    // Minutes 9 and 10 are below the contract, but not by the hysteresis.
    cleared: 11,
  },
  {
    rule: 'availability-unchanged',
    severity: 'warning',
    story: [
      [0, c(connector())],
      [2, c({ ...charging(2), pendingAvailability: toGoOut(2) })],
      [6, c({ ...connector({ statusAt: minute(6) }), pendingAvailability: toGoOut(2) })],
      [40, c(connector({ status: 'unavailable', statusAt: minute(40) }))],
    ],
    since: 6,
    raised: 11,
    cleared: 40,
    silent: [
      [
        'its session still runs',
        [2, 7, 12].map((now) => [now, c({ ...charging(now), pendingAvailability: toGoOut(2) })] as const),
      ],
      [
        'it went out of service in time',
        [
          [2, c({ ...connector(), pendingAvailability: toGoOut(2) })],
          [4, c(connector({ status: 'unavailable', statusAt: minute(4) }))],
        ],
      ],
    ],
  },
  {
    rule: 'command-failed',
    severity: 'warning',
    story: [
      [0, s()],
      [2, state({ outbox: [noted('CommandEnded', { action: 'ClearCache', state: 'Rejected' }, minute(2))] })],
      [3, state({})],
    ],
    since: 2,
    raised: 2,
    cleared: 62,
    overrides: { '*': { silentHeartbeats: 1_000 } },
    silent: [
      [
        'it was accepted',
        [[2, state({ outbox: [noted('CommandEnded', { action: 'ClearCache', state: 'Accepted' }, minute(2))] })]],
      ],
      [
        'a newer decision took its place',
        [[2, state({ outbox: [noted('CommandEnded', { action: 'ClearCache', state: 'Superseded' }, minute(2))] })]],
      ],
    ],
  },
  {
    rule: 'meter-lost',
    severity: 'major',
    story: [
      [0, { kind: 'site', snapshot: site({ demand: { demandW: 40_000, at: minute(0) } }) }],
      [3, { kind: 'site', snapshot: site({ demand: { demandW: 40_000, at: minute(0) }, meterLostAt: minute(1) }) }],
      [9, { kind: 'site', snapshot: site({ demand: { demandW: 40_000, at: minute(9) } }) }],
    ],
    since: 1,
    raised: 3,
    cleared: 9,
  },
  {
    rule: 'fallback-active',
    severity: 'warning',
    story: [
      [0, { kind: 'site', snapshot: site() }],
      [3, { kind: 'site', snapshot: site({ fallbackAt: minute(2) }) }],
      [9, { kind: 'site', snapshot: site() }],
    ],
    since: 2,
    raised: 3,
    cleared: 9,
  },
  {
    rule: 'site-over-demand',
    severity: 'critical',
    story: [
      [0, { kind: 'site', snapshot: site() }],
      [3, { kind: 'site', snapshot: site({ chargingW: 110_000 }) }],
      [9, { kind: 'site', snapshot: site({ chargingW: 99_000 }) }],
      [11, { kind: 'site', snapshot: site({ chargingW: 90_000 }) }],
    ],
    since: 3,
    raised: 5,
    cleared: 11,
    overrides: { 'site-1': { siteLimitW: 100_000 } },
    silent: [
      [
        'its peak is shorter than the dwell',
        [
          [0, { kind: 'site', snapshot: site({ chargingW: 110_000 }) }],
          [1, { kind: 'site', snapshot: site() }],
        ],
      ],
      [
        'its meter has not been read for long',
        [[0, { kind: 'site', snapshot: site({ demand: { demandW: 200_000, at: minute(-5) } }) }]],
      ],
    ],
  },
  {
    rule: 'fleet-anomaly',
    severity: 'major',
    story: [
      [0, firmware(0)],
      [3, firmware(6)],
      [20, firmware(0)],
    ],
    since: 3,
    raised: 13,
    cleared: 20,
    silent: [
      ['two faults are chance', [[0, firmware(2)]]],
      [
        'there is nothing to compare with',
        [[0, n({ topic: 'fleet', name: 'Only', connectors: 40, faulted: 20, otherConnectors: 0, otherFaulted: 0 })]],
      ],
    ],
  },
  {
    rule: 'parked-records',
    severity: 'major',
    story: [
      [0, parked(0)],
      [3, parked(2, minute(2))],
      [20, parked(0)],
    ],
    since: 3,
    raised: 3,
    cleared: 20,
  },
  {
    rule: 'response-shortfall',
    severity: 'critical',
    story: [
      [0, response(100_000)],
      [3, response(60_000)],
      [20, response(98_000)],
    ],
    since: 3,
    raised: 5,
    cleared: 20,
    overrides: { '*': { escalateCriticalMs: 0 } },
  },
];
