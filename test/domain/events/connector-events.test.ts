import { describe, expect, it } from 'vitest';
import { chunksOf } from '../../../async/chunks-of.ts';
import { connectorEvents } from '../../../domain/events/connector-events.ts';
import { stationEvents } from '../../../domain/events/station-events.ts';
import type { EndedSession } from '../../../domain/kernel/ended-session.ts';
import type { SessionMeasured, StateChange } from '../../../domain/kernel/state-change.ts';
import { detailFaults } from '../../events/schemas.ts';
import { charging, connector, minute, station } from '../alerts/fixtures.ts';

const caused = (at: number, id = `c${at}`) => ({ id, at: minute(at), receivedAt: minute(at) + 300 });
const here = { evseId: 1, connectorId: 1 };
const measured = (at: number, energyWh: number): SessionMeasured => ({
  ...caused(at),
  ...here,
  type: 'SessionMeasured',
  sessionId: 'session-1',
  energyWh,
  powerW: 40_000,
});
const ended: EndedSession = {
  sessionId: 'session-1',
  stationId: 'CS-1',
  ...here,
  transactionId: '1',
  tag: 'TAG',
  startedAt: minute(0),
  endedAt: minute(40),
  energyWh: 20_000,
  reason: 'local',
  curve: [[0, 0]],
  flags: [],
  rev: 9,
};
const keys = {
  version: 1,
  stationId: 'CS-1',
  ...here,
  connectorType: 'CCS',
  siteId: 'site-1',
  zoneId: 'zone-1',
  region: 'north',
};

describe('events of a connector', () => {
  it('tell a change of status with its place, its times and what was wrong', () => {
    const change: StateChange = {
      ...caused(5),
      ...here,
      type: 'ConnectorStatusChanged',
      from: 'available',
      to: 'faulted',
      fromAt: minute(0),
      errorCode: 'OtherError',
    };
    expect(connectorEvents(undefined, connector({ outbox: [change] }))).toEqual([
      {
        type: 'ConnectorStatusChanged',
        detail: {
          ...keys,
          id: 'CS-1/c5',
          time: '2026-11-20T12:05:00.000Z',
          receivedAt: '2026-11-20T12:05:00.300Z',
          from: 'available',
          to: 'faulted',
          since: '2026-11-20T12:00:00.000Z',
          errorCode: 'OtherError',
        },
      },
    ]);
  });

  it('tell an ended session whole, and one without a start under a name of its own', () => {
    const end = (session: EndedSession, type: 'SessionEnded' | 'SessionAmended'): StateChange => ({
      ...caused(40, `${type}${session.flags}`),
      ...here,
      type,
      session,
    });
    const outbox = [
      end(ended, 'SessionEnded'),
      end({ ...ended, flags: ['orphan'] }, 'SessionEnded'),
      end(ended, 'SessionAmended'),
    ];
    const events = connectorEvents(undefined, connector({ outbox }));
    expect(events.map(({ type }) => type)).toEqual(['SessionEnded', 'SessionOrphaned', 'SessionAmended']);
    expect(events[0]?.detail).toEqual({
      ...keys,
      id: `CS-1/1.${minute(40).toString(36)}/ended`,
      time: '2026-11-20T12:40:00.000Z',
      receivedAt: '2026-11-20T12:40:00.300Z',
      sessionId: 'session-1',
      transactionId: '1',
      tag: 'TAG',
      startedAt: '2026-11-20T12:00:00.000Z',
      endedAt: '2026-11-20T12:40:00.000Z',
      durationSec: 2400,
      energyWh: 20_000,
      reason: 'local',
      flags: [],
    });
    expect(events.flatMap(({ type, detail }) => detailFaults(type, detail))).toEqual([]);
  });

  it('tell measurements once per quarter-hour and per 5 kWh, whatever the batches they come in', () => {
    const samples = Array.from({ length: 40 }, (_, index) => measured(index + 1, 400 * (index + 1)));
    const asOf = ({ at, energyWh }: { at: number; energyWh: number }) => charging(1, { energyWh, sampledAt: at });
    const told = (size: number): string[] =>
      chunksOf(samples, size).flatMap((outbox, index) => {
        const before = asOf(samples[index * size - 1] ?? { at: minute(0), energyWh: 0 });
        const after = { ...asOf(outbox.at(-1) ?? { at: minute(0), energyWh: 0 }), outbox };
        return connectorEvents(before, after).map(({ detail }) => detail.id);
      });
    // Minutes 15 and 30 begin quarters; minutes 13, 25 and 38 pass 5, 10 and 15 kWh.
    expect([told(1), told(7), told(40)]).toEqual(
      Array.from({ length: 3 }, () => ['CS-1/c13', 'CS-1/c15', 'CS-1/c25', 'CS-1/c30', 'CS-1/c38']),
    );
  });

  it('do not tell a measurement that came late', () => {
    const before = charging(20, { energyWh: 4_000, sampledAt: minute(20) });
    expect(connectorEvents(before, { ...before, outbox: [measured(14, 9_000)] })).toEqual([]);
  });

  it('do not tell what only history and windows need', () => {
    const outbox: StateChange[] = [
      { ...caused(1), ...here, type: 'MinuteClosed', minute: { startAt: minute(0), energyWh: 1, samples: 1 } },
      { ...caused(2), ...here, type: 'ConnectorStatusBackfilled', status: 'available' },
    ];
    expect(connectorEvents(undefined, connector({ outbox }))).toEqual([]);
  });
});

describe('a refused authorization', () => {
  const refused: StateChange = {
    ...caused(5),
    ...here,
    type: 'AuthorizationRefused',
    transactionId: '7',
    verdict: 'Blocked',
    tag: 'TAG',
  };

  it('is an event of its connector, and no start of a session', () => {
    const [event, ...others] = connectorEvents(undefined, connector({ outbox: [refused] }));
    expect(others).toEqual([]);
    expect(event?.detail).toMatchObject({ ...keys, transactionId: '7', verdict: 'Blocked', tag: 'TAG' });
    expect([event?.type, event && detailFaults(event.type, event.detail)]).toEqual(['AuthorizationRefused', []]);
  });

  it('is one of the station where the start named no connector', () => {
    const [event] = stationEvents('CS-1', [{ ...refused, evseId: 0, connectorId: 0 }], station().registration);
    expect([event?.detail.evseId, event && detailFaults(event.type, event.detail)]).toEqual([0, []]);
  });

  it('is told again with the start of the session where energy flows all the same', () => {
    const began: StateChange = {
      ...caused(6),
      ...here,
      type: 'SessionBegan',
      sessionId: 's',
      transactionId: '7',
      tagVerdict: 'Blocked',
    };
    const [event] = connectorEvents(undefined, connector({ outbox: [began] }));
    expect([event?.detail.tagVerdict, event && detailFaults(event.type, event.detail)]).toEqual(['Blocked', []]);
  });
});

describe('events of a station', () => {
  const connected: StateChange = {
    ...caused(1),
    type: 'StationConnected',
    connectionId: 'socket-1',
    ocpp: '1.6',
    transport: 'websocket',
  };
  const place = station().registration;

  it('tell a connection', () => {
    const [event] = stationEvents('CS-1', [connected], place);
    expect(event).toEqual({
      type: 'StationConnected',
      detail: {
        version: 1,
        id: 'CS-1/c1',
        time: '2026-11-20T12:01:00.000Z',
        receivedAt: '2026-11-20T12:01:00.300Z',
        stationId: 'CS-1',
        siteId: 'site-1',
        zoneId: 'zone-1',
        region: 'north',
        connectionId: 'socket-1',
        ocpp: '1.6',
        transport: 'websocket',
      },
    });
  });

  it('are told without a place once the station has been removed from the registry', () => {
    const [event] = stationEvents('CS-1', [connected], undefined);
    expect([event?.detail.siteId, event && detailFaults(event.type, event.detail)]).toEqual([undefined, []]);
  });

  it.each<[string, StateChange]>([
    ['SessionEnded', { ...caused(40), ...here, type: 'SessionEnded', session: ended }],
    ['SessionOrphaned', { ...caused(40), ...here, type: 'SessionEnded', session: { ...ended, flags: ['orphan'] } }],
    [
      'AuthorizationRefused',
      { ...caused(5), ...here, type: 'AuthorizationRefused', transactionId: '7', tag: 'TAG', verdict: 'Blocked' },
    ],
  ])('fit their schema without a place, too: %s', (type, change) => {
    const [event] = stationEvents('CS-1', [change], undefined);
    expect([event?.type, event && detailFaults(event.type, event.detail)]).toEqual([type, []]);
  });

  it('tell a stop that fits no connector as a session of the station', () => {
    const orphan: EndedSession = { ...ended, evseId: 0, connectorId: 0, flags: ['orphan'] };
    const stop: StateChange = { ...caused(40), evseId: 0, connectorId: 0, type: 'SessionEnded', session: orphan };
    const [event] = stationEvents('CS-1', [stop], place);
    expect([
      event?.type,
      event?.detail.evseId,
      event?.detail.energyWh,
      event && detailFaults(event.type, event.detail),
    ]).toEqual(['SessionOrphaned', 0, 20_000, []]);
  });
});
