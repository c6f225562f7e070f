import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateStationChange } from '../../domain/alerts/evaluate-change.ts';
import { afterEvaluation } from '../../domain/alerts/lifecycle.ts';
import type { NetworkSnapshot } from '../../domain/alerts/network-snapshot.ts';
import type { SiteReading } from '../../domain/alerts/site-snapshot.ts';
import { defaultThresholds } from '../../domain/alerts/thresholds.ts';
import type { Connector } from '../../domain/connector/connector.ts';
import { UNREGISTERED } from '../../domain/registry/place.ts';
import { detectAlerts } from '../../use-cases/detect-alerts/detect-alerts.ts';
import type { FleetScan, StationItem } from '../../use-cases/ports/fleet-scan.ts';
import { connectorChange } from '../../use-cases/ports/item-change.ts';
import { sweepAlerts } from '../../use-cases/sweep-alerts/sweep-alerts.ts';
import {
  charging,
  connector,
  MINUTE,
  minute,
  noted,
  report,
  station,
  stationState,
} from '../domain/alerts/fixtures.ts';
import { type MemoryAlertTable, memoryAlertTable } from '../fakes/alert-table.ts';
import { fleetScanInMemory, segmentIn } from '../fakes/fleet-scan.ts';
import { sweptPart } from '../support/swept.ts';

type Fleet = { readonly stations: readonly StationItem[]; readonly connectors: readonly Connector[] };

const PAGE = 3;

/** Tables in memory, cut into segments and small pages; `breaks` says which segment is out of order after how many pages. */
const scanOf = (fleet: Fleet, breaks?: { segment: number; after: number }): FleetScan =>
  fleetScanInMemory(() => fleet, {
    page: PAGE,
    check: (table, { index }, page) => {
      if (table === 'connectors' && breaks?.segment === index && page >= breaks.after) throw new Error('Throttled');
    },
  });

const withId = (stationId: string, view: Connector): Connector => ({ ...view, stationId });
const item = (stationId: string, patch: Parameters<typeof station>[0] = {}): StationItem => {
  const { connectors: _, ...view } = station(patch);
  return { ...view, stationId, registration: { ...view.registration, stationId } };
};

/** A measurement at `at` that took `delaySec` to arrive. */
const measured = (at: number, delaySec: number): Connector => ({
  ...charging(at),
  outbox: [
    {
      type: 'SessionMeasured',
      id: `measured/${at}`,
      at: minute(at),
      receivedAt: minute(at) + delaySec * 1000,
      evseId: 1,
      connectorId: 1,
      sessionId: 'session-1',
      energyWh: 1,
    },
  ],
});

const SEGMENTS = 3;
const noSnapshots = async (): Promise<readonly NetworkSnapshot[]> => [];
const noReadings = async () => new Map<string, SiteReading>();
const sweep = (
  table: MemoryAlertTable,
  fleet: Fleet,
  at: number,
  breaks?: { segment: number; after: number },
  overrides = {},
) =>
  sweptPart(
    sweepAlerts({
      alerts: table,
      overrides: async () => overrides,
      networkSnapshots: noSnapshots,
      siteReadings: noReadings,
    }),
    scanOf(fleet, breaks),
    SEGMENTS,
  )(minute(at));
const openRules = (table: MemoryAlertTable) =>
  table
    .all()
    .filter(({ phase }) => phase === 'open')
    .map(({ alertId }) => alertId)
    .sort();
/** What is wrong with whom: an alert that was not seen to end keeps the name of its first occasion. */
const openConditions = (table: MemoryAlertTable) => [
  ...new Set(openRules(table).map((alertId) => alertId.slice(0, alertId.lastIndexOf('|')))),
];
const told = (table: MemoryAlertTable) => table.told.map(({ change }) => change.id).sort();

describe('the minute sweep', () => {
  it('finds what only time brings about, on every level, and tells what it cost', async () => {
    const fleet: Fleet = {
      stations: [
        item('A'),
        item('B', { connectivity: { connectedAt: minute(-60), disconnectedAt: minute(-10) } }),
        item('C', { lastSeenAt: minute(-50), connectivity: { connectionId: 'c', connectedAt: minute(-90) } }),
      ],
      connectors: [
        withId('A', charging(0)),
        { ...withId('A', charging(0)), connectorId: 2, place: { ...connector().place, siteId: 'site-2' } },
        withId('B', connector()),
      ],
    };
    const table = memoryAlertTable();
    const limits = { 'site-2': { siteLimitW: 30_000, overloadDwellMs: MINUTE }, 'site-1': { overloadDwellMs: MINUTE } };
    const figures = await sweep(table, fleet, 1, undefined, limits);
    await sweep(table, fleet, 2, undefined, limits);
    expect(openRules(table)).toEqual([
      'contract-overload|station:A|2026-11-20T12:01:00.000Z',
      'silent-station|station:C|2026-11-20T11:10:00.000Z',
      'site-over-demand|site:site-2|2026-11-20T12:01:00.000Z',
      'station-offline|station:B|2026-11-20T11:50:00.000Z',
    ]);
    // Two tables in three segments, and the connectors of C, of which there are none.
    expect(figures).toEqual({ stations: 3, connectors: 3, readUnits: 3.5, watched: 0, revised: 4 });
  });

  it('clears the alerts of a station that has been removed, and of nothing else', async () => {
    const table = memoryAlertTable();
    const stalled = [withId('A', charging(0)), withId('B', charging(0))];
    const lastSeenAt = minute(14);
    const fleet = { stations: [item('A', { lastSeenAt }), item('B', { lastSeenAt })], connectors: stalled };
    await sweep(table, fleet, 15);
    await sweep(table, { stations: [item('B', { lastSeenAt })], connectors: stalled.slice(1) }, 16);
    expect([told(table).filter((id) => id.endsWith('/cleared/1')), openRules(table)]).toEqual([
      ['stalled-session|connector:A#1#1|2026-11-20T12:00:00.000Z/cleared/1'],
      ['stalled-session|connector:B#1#1|2026-11-20T12:00:00.000Z'],
    ]);
  });

  it('leaves alone what was raised while other processes swept the segments', async () => {
    const table = memoryAlertTable();
    const process = () =>
      sweepAlerts({
        alerts: table,
        overrides: async () => ({}),
        networkSnapshots: noSnapshots,
        siteReadings: noReadings,
      });
    const [coordinator, worker] = [process(), process()];
    const lost = { connectivity: { connectedAt: minute(-60), disconnectedAt: minute(-5) } };
    const before = connector({ rev: 7 });
    const fault = report({ status: 'faulted', errorCode: 'GroundFailure', at: minute(0), receivedAt: minute(0) });
    const after = connector({ rev: 8, status: 'faulted', lastSeenAt: minute(0), report: fault });
    // The change stream tells of the fault after the segment has been read.
    const streamBeside: typeof worker = {
      ...worker,
      inSegment: async (fleet, order, now) => {
        const told = await worker.inSegment(fleet, order, now);
        const isFirst = now === minute(0) && fleet.connectors.length > 0;
        if (isFirst)
          await detectAlerts({ alerts: table, overrides: async () => ({}) })([connectorChange(before, after)]);
        return told;
      },
    };
    for (const [at, read] of [
      [0, before],
      [1, after],
      [2, after],
    ] as const) {
      const fleet = { stations: [item('A', lost), item('CS-1', { lastSeenAt: minute(at) })], connectors: [read] };
      await sweptPart(coordinator, scanOf(fleet), SEGMENTS, streamBeside)(minute(at));
    }
    expect(told(table)).toEqual([
      'ground-fault|connector:CS-1#1#1|2026-11-20T12:00:00.000Z/raised/1',
      'station-offline|station:A|2026-11-20T11:55:00.000Z/raised/1',
    ]);
  });

  it('ends the alerts of connectors whose station is registered no more, and counts them nowhere', async () => {
    const table = memoryAlertTable();
    const connectors = [withId('A', charging(0)), withId('B', charging(0))];
    const [a, b] = [item('A', { lastSeenAt: minute(14) }), item('B', { lastSeenAt: minute(14) })];
    const { registration: _, ...removed } = a;
    await sweep(table, { stations: [a, b], connectors }, 15);
    await sweep(table, { stations: [removed, b], connectors }, 16);
    expect(openConditions(table)).toEqual(['stalled-session|connector:B#1#1']);
    const { inSegment } = sweepAlerts({
      alerts: table,
      overrides: async () => ({}),
      networkSnapshots: noSnapshots,
      siteReadings: noReadings,
    });
    const tallyOf = async (fleet: Fleet) => (await inSegment({ ...fleet, readUnits: 0 }, null, minute(17))).tally;
    expect(await tallyOf({ stations: [removed, b], connectors })).toEqual(
      await tallyOf({ stations: [b], connectors: connectors.slice(1) }),
    );
  });

  it('ends the alerts of a connector that is registered no more, once its station has booted without a word of it', async () => {
    const table = memoryAlertTable();
    const faulted = { ...connector(), status: 'faulted', report: report({ status: 'faulted' }) } as const;
    const [taken, lacking] = [
      { ...faulted, connectorId: 2 },
      { ...faulted, connectorId: 3, report: { ...faulted.report, receivedAt: minute(6) } },
    ];
    const connectors = [faulted, taken, lacking].map((each) => withId('A', each));
    const a = item('A', { lastSeenAt: minute(60), state: stationState({ bootedAt: minute(5) }) });
    const open = async (at: number) => {
      await sweep(table, { stations: [a], connectors }, at);
      return openConditions(table).filter((condition) => condition.startsWith('connector-fault'));
    };
    const told = ['1#1', '1#3'].map((key) => `connector-fault|connector:A#${key}`);
    await sweep(table, { stations: [item('A', { lastSeenAt: minute(4) })], connectors: connectors.slice(0, 2) }, 4);
    expect([await open(64), await open(65)]).toEqual([[told[0], 'connector-fault|connector:A#1#2', told[1]], told]);
  });

  it('raises no alert again of a connector that was taken away, whenever its station boots', async () => {
    const table = memoryAlertTable();
    const taken = withId('A', {
      ...connector(),
      connectorId: 2,
      status: 'faulted',
      report: report({ status: 'faulted' }),
    });
    const openAfter = async (bootedAt: number | undefined, at: number) => {
      const state = stationState(bootedAt === undefined ? {} : { bootedAt: minute(bootedAt) });
      await sweep(table, { stations: [item('A', { lastSeenAt: minute(at), state })], connectors: [taken] }, at);
      return openConditions(table);
    };
    const fault = ['connector-fault|connector:A#1#2'];
    expect([await openAfter(undefined, 4), await openAfter(5, 64), await openAfter(5, 65)]).toEqual([fault, fault, []]);
    expect([await openAfter(100, 101), await openAfter(100, 159), await openAfter(100, 160)]).toEqual([[], [], []]);
  });

  it('raises no alert again of a connector that was taken away, whenever its station is back on line', async () => {
    const table = memoryAlertTable();
    const said = report({ status: 'faulted' });
    const place = { ...connector().place, connectorType: UNREGISTERED, ratedW: 0 };
    const [lost, back] = [
      connector({ rev: 7, place, report: said, status: 'offline', statusAt: minute(0) }),
      connector({ rev: 8, place, report: said, status: 'faulted', statusAt: minute(9), lastSeenAt: minute(9) }),
    ];
    const detect = detectAlerts({ alerts: table, overrides: async () => ({}) });
    await detect([connectorChange(lost, back)]);
    expect(openConditions(table)).toEqual([]);
    await detect([connectorChange(lost, { ...back, report: { ...said, receivedAt: minute(9) } })]);
    expect(openConditions(table)).toEqual(['connector-fault|connector:CS-1#1#1']);
  });

  it('does the segments that work, fails for the others, and concludes nothing from what it did not see', async () => {
    const table = memoryAlertTable();
    const ids = ['A', 'B', 'C', 'D', 'E', 'F'];
    const fleet = {
      stations: ids.map((id) => item(id, { lastSeenAt: minute(14) })),
      connectors: ids.map((id) => withId(id, charging(0))),
    };
    await sweep(table, fleet, 15);
    const before = told(table);
    const faulty = fleet.connectors.map((stalled) => ({
      ...stalled,
      ...withId(stalled.stationId, charging(16)),
      rev: 8,
    }));
    const run = sweep(table, { ...fleet, connectors: faulty }, 16, { segment: 1, after: 0 });
    await expect(run).rejects.toThrow('The sweep failed in part');
    const segmentOf = (id: string) => segmentIn(id, SEGMENTS);
    expect(openRules(table)).toEqual(
      ids
        .filter((id) => segmentOf(id) === 1)
        .map((id) => `stalled-session|connector:${id}#1#1|2026-11-20T12:00:00.000Z`),
    );
    expect(told(table).length).toBe(before.length + ids.filter((id) => segmentOf(id) !== 1).length);
  });

  it('neither raises nor clears while a station is off line, and still escalates what endangers people', async () => {
    const table = memoryAlertTable();
    const groundFault = report({
      status: 'faulted',
      vendorStatus: 'Faulted',
      errorCode: 'GroundFailure',
      at: minute(0),
    });
    const hurt = connector({ status: 'faulted', report: groundFault });
    const lost = connector({ status: 'offline', statusAt: minute(6), report: report({ at: minute(5) }) });
    await sweep(table, { stations: [item('A')], connectors: [withId('A', hurt)] }, 3);
    const offline = {
      stations: [item('A', { state: stationState({ presence: { kind: 'offline', since: minute(6) } }) })],
      connectors: [withId('A', lost)],
    };
    for (const at of [10, 17, 18, 19, 20]) await sweep(table, offline, at);
    expect(told(table)).toEqual([
      'ground-fault|connector:A#1#1|2026-11-20T12:00:00.000Z/escalated/1/unacknowledged',
      'ground-fault|connector:A#1#1|2026-11-20T12:00:00.000Z/raised/1',
    ]);
  });

  it('holds what merely happened on a connector, too, while its station is off line', async () => {
    const table = memoryAlertTable();
    const jumps = Array.from({ length: 6 }, (_, index) => measured(index, index % 2 === 0 ? 1 : 45));
    const overrides = { '*': { shortConnections: 3, silentHeartbeats: 1000 } };
    const detect = detectAlerts({ alerts: table, overrides: async () => overrides });
    for (const [index, after] of jumps.entries())
      await detect([connectorChange(jumps[index - 1], { ...after, rev: index + 1 })]);
    const lost = connector({ status: 'offline', statusAt: minute(10), lastSeenAt: minute(9) });
    const offline = {
      stations: [item('CS-1', { state: stationState({ presence: { kind: 'offline', since: minute(10) } }) })],
      connectors: [lost],
    };
    const back = {
      stations: [item('CS-1', { lastSeenAt: minute(120) })],
      connectors: [connector({ rev: 9, lastSeenAt: minute(120) })],
    };
    await sweep(table, offline, 70, undefined, overrides);
    const held = openRules(table);
    await sweep(table, back, 120, undefined, overrides);
    expect([held, openRules(table)]).toEqual([['slow-messages|connector:CS-1#1#1|2026-11-20T12:01:00.000Z'], []]);
  });

  it('concludes nothing about connectors whose station it could not read', async () => {
    const table = memoryAlertTable();
    const fleet = { stations: [item('A', { lastSeenAt: minute(14) })], connectors: [withId('A', charging(0))] };
    await sweep(table, fleet, 15);
    const unread = fleetScanInMemory(() => fleet, {
      check: (read, { index }) => {
        if (read === 'stations' && index === segmentIn('A', SEGMENTS)) throw new Error('Throttled');
      },
    });
    const ports = {
      alerts: table,
      overrides: async () => ({}),
      networkSnapshots: noSnapshots,
      siteReadings: noReadings,
    };
    await expect(sweptPart(sweepAlerts(ports), unread, SEGMENTS)(minute(16))).rejects.toThrow(
      'The sweep failed in part',
    );
    expect(told(table)).toEqual(['stalled-session|connector:A#1#1|2026-11-20T12:00:00.000Z/raised/1']);
  });

  it('clears alerts whose time is over, and raises those of the network, while a segment cannot be read', async () => {
    const table = memoryAlertTable();
    const failure = noted('CommandEnded', { action: 'ClearCache', state: 'Rejected' }, minute(0));
    const view = station({ state: stationState({ outbox: [failure] }) });
    const moment = { now: minute(0), thresholds: defaultThresholds, station: { heardAt: minute(0), connected: true } };
    const judgements = evaluateStationChange({ before: station(), after: view, changes: [failure] }, moment);
    for (const judgement of judgements)
      await table.revise({
        condition: 'command-failed|station:CS-1',
        known: undefined,
        revise: (latest) => afterEvaluation(latest, judgement),
      });
    const broken = scanOf({ stations: [], connectors: [] }, { segment: 0, after: 0 });
    const run = (at: number) =>
      sweptPart(
        sweepAlerts({
          alerts: table,
          overrides: async () => ({}),
          siteReadings: noReadings,
          networkSnapshots: async () => [{ topic: 'parked', name: 'parked-records', records: 3, newestAt: minute(59) }],
        }),
        broken,
        SEGMENTS,
      )(minute(at));
    await expect(run(61)).rejects.toThrow('The sweep failed in part');
    expect(told(table)).toEqual([
      'command-failed|station:CS-1|2026-11-20T12:00:00.000Z/cleared/1',
      'command-failed|station:CS-1|2026-11-20T12:00:00.000Z/raised/1',
      'parked-records|network:parked-records|2026-11-20T13:01:00.000Z/raised/1',
    ]);
  });

  it('leaves what the change stream will tell to the change stream, and takes it up when it was lost there', async () => {
    const table = memoryAlertTable();
    const faulted = report({ status: 'faulted', vendorStatus: 'Faulted', errorCode: 'OtherError', at: minute(0) });
    const fleet = {
      stations: [item('A')],
      connectors: [withId('A', connector({ status: 'faulted', report: faulted }))],
    };
    await sweep(table, fleet, 1);
    const early = openRules(table);
    await sweep(table, fleet, 2);
    expect([early, openRules(table)]).toEqual([[], ['connector-fault|connector:A#1#1|2026-11-20T12:00:00.000Z']]);
  });

  /** One minute: which stations are lost or deliver, and what becomes of the sweep. */
  const minutes = fc.array(
    fc.record({
      stalled: fc.subarray(['A', 'B', 'C', 'D', 'E']),
      run: fc.constantFrom('once', 'once', 'twice', 'overlapping', 'broken', 'missing'),
      segment: fc.integer({ min: 0, max: 2 }),
      after: fc.integer({ min: 0, max: 1 }),
    }),
    { minLength: 5, maxLength: 25 },
  );

  it('comes to the same alerts in the end when runs fail, are missing, come twice or overlap', async () => {
    await fc.assert(
      fc.asyncProperty(minutes, async (plan) => {
        const [calm, troubled] = [memoryAlertTable(), memoryAlertTable()];
        const delivering = new Map<string, number>();
        let previous: Fleet | undefined;
        const last = plan.length;
        for (const [index, { stalled, run, segment, after }] of [
          ...plan,
          ...plan.slice(-1),
          ...plan.slice(-1),
        ].entries()) {
          const at = 10 * index;
          const own = index < last ? stalled : [];
          for (const id of ['A', 'B', 'C', 'D', 'E']) if (!own.includes(id)) delivering.set(id, at);
          const connectors = ['A', 'B', 'C', 'D', 'E'].map((id) => ({
            ...withId(id, charging(delivering.get(id) ?? 0)),
            rev: (delivering.get(id) ?? 0) + 1,
          }));
          const fleet = {
            stations: ['A', 'B', 'C', 'D', 'E'].map((id) => item(id, { lastSeenAt: minute(at) })),
            connectors,
          };
          await sweep(calm, fleet, at);
          if (index >= last || run === 'once') await sweep(troubled, fleet, at);
          else if (run === 'twice') await Promise.all([sweep(troubled, fleet, at), sweep(troubled, fleet, at)]);
          else if (run === 'overlapping')
            await Promise.all([sweep(troubled, fleet, at), sweep(troubled, previous ?? fleet, at - 10)]);
          else if (run === 'broken') await sweep(troubled, fleet, at, { segment, after }).catch(() => undefined);
          previous = fleet;
        }
        expect(openConditions(troubled)).toEqual(openConditions(calm));
        expect(new Set(told(troubled)).size).toBe(told(troubled).length);
      }),
      { numRuns: 60 },
    );
  });
});
