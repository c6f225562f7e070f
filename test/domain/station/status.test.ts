import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statusIntervals } from '../../../domain/availability/status-intervals.ts';
import type { ConnectionClosed, ConnectionOpened, StationLost, StatusReported } from '../../../domain/kernel/fact.ts';
import { started, status } from '../../support/facts.ts';
import { given } from '../../support/given.ts';
import { minutes, noon, on, said } from '../../support/station-days.ts';

const at = (minute: number): number => noon + minutes(minute);
const lost = (minute: number): StationLost => ({ ...said(at(minute)), type: 'StationLost', cause: 'silent' });
const whole = { evseId: 0, connectorId: 0 };

describe('the status of a connector', () => {
  it('is the newest by event time; a late one goes to history', () => {
    const late = status(1, 'available', { receivedAt: at(9) });
    const { connector, changes } = given(status(5, 'charging'), late);
    expect(connector(1)).toMatchObject({ status: 'charging', statusAt: at(5) });
    expect(changes.at(-1)).toMatchObject({ type: 'ConnectorStatusBackfilled', status: 'available', at: at(1) });
  });

  it('is not pinned by a stamp of the future', () => {
    const early = status(9, 'faulted', { receivedAt: at(5) });
    expect(given(early, status(6, 'available')).connector(1)).toMatchObject({ status: 'available', statusAt: at(6) });
  });

  it('is what arrived last where two statuses have one stamp', () => {
    const { connector } = given(status(1, 'preparing'), status(1, 'charging', { receivedAt: at(1) + 900 }));
    expect(connector(1)?.status).toBe('charging');
  });

  it('changes nothing when it is repeated', () => {
    expect(given(status(1, 'charging'), status(1, 'charging')).types).toEqual(['ConnectorStatusChanged']);
  });

  it('is overlaid while the station is faulted, and shows again afterwards', () => {
    const faulted = status(2, 'faulted', whole);
    const own = status(1, 'charging');
    expect(given(own, faulted).connector(1)?.status).toBe('faulted');
    expect(given(own, faulted, status(3, 'available', whole)).connector(1)?.status).toBe('charging');
    expect(given(own, faulted).connector(0)).toBe(undefined);
  });

  it('is offline while the station is lost, and comes back with any message', () => {
    const away = given(status(1, 'charging'), lost(10));
    expect(away.connector(1)).toMatchObject({ status: 'offline', statusAt: at(10) });
    const tag = { ...said(at(20)), type: 'TagPresented', tag: 'TAG' } as const;
    const back = given(status(1, 'charging'), lost(10), tag);
    expect(back.connector(1)).toMatchObject({ status: 'charging', statusAt: at(20) + 300 });
    expect(back.types).toEqual([
      'ConnectorStatusChanged',
      'ConnectorStatusChanged',
      'StationWentOffline',
      'ConnectorStatusChanged',
      'StationCameOnline',
      'StationEventRecorded',
    ]);
  });

  it('stays when the station was heard of after the sweep looked', () => {
    expect(given(status(15, 'charging'), lost(10)).connector(1)?.status).toBe('charging');
  });

  it('is warned of without being faulted when an error comes with another status', () => {
    const { types, connector } = given(status(1, 'charging', { errorCode: 'WeakSignal' }));
    expect(types).toEqual(['ConnectorStatusChanged', 'ConnectorWarned']);
    expect(connector(1)?.status).toBe('charging');
  });

  it('is refined by the charging state of its session in OCPP 2.x', () => {
    const occupied = status(1, 'occupied');
    const start = started(2, { chargingState: 'charging' });
    const { connector } = given(occupied, start);
    expect(connector(1)?.status).toBe('charging');
  });
});

describe('the status of a station', () => {
  it('is told again where another error stands beside it, also by the vendor’s code alone', () => {
    const saying = (minute: number, vendorErrorCode: string) =>
      status(minute, 'available', { ...whole, errorCode: 'OtherError', vendorErrorCode });
    const { changes } = given(saying(1, 'FanFailure'), saying(2, 'FanFailure'), saying(3, 'DoorOpen'));
    expect(
      changes.flatMap((change) =>
        change.type === 'StationStatusChanged' ? [[change.at, change.vendorErrorCode]] : [],
      ),
    ).toEqual([
      [at(1), 'FanFailure'],
      [at(3), 'DoorOpen'],
    ]);
  });
});

describe('the statuses on record of a connector', () => {
  /** What history tells of connector 1 over the first two hours: [minute, status], with the minute in which each began. */
  const onRecord = (...messages: readonly StatusReported[]) => {
    const marks = given(...messages).changes.flatMap((change) => {
      if (!('connectorId' in change) || change.connectorId !== 1) return [];
      if (change.type === 'ConnectorStatusChanged') return [{ at: change.at, status: change.to }];
      return change.type === 'ConnectorStatusBackfilled'
        ? [{ at: change.at, status: change.status, backfilled: true }]
        : [];
    });
    const inOrder = marks.toSorted((a, b) => a.at - b.at);
    return statusIntervals(inOrder, noon, at(120)).map(({ fromAt, status: word }) => [
      (fromAt - noon) / minutes(1),
      word,
    ]);
  };
  const overtaken = (first: StatusReported, second: StatusReported): StatusReported[] => [
    second,
    { ...first, receivedAt: second.receivedAt + 1000 },
  ];
  const healthy = status(0, 'available');

  it.each([
    ['its own', {}],
    ['the station’s', whole],
  ])('have a fault until its end where that came first: %s', (_, where) => {
    const [fault, end] = [status(60, 'faulted', where), status(70, 'available', where)];
    expect(onRecord(healthy, ...overtaken(fault, end))).toEqual([
      [0, 'available'],
      [60, 'faulted'],
      [70, 'available'],
    ]);
  });

  it('stay faulted with the station, whatever the connector says late of that time', () => {
    const own = [status(62, 'preparing'), status(63, 'available')] as const;
    expect(onRecord(healthy, status(60, 'faulted', whole), ...overtaken(...own))).toEqual([
      [0, 'available'],
      [60, 'faulted'],
    ]);
    const before = [status(55, 'preparing'), status(63, 'available')] as const;
    expect(onRecord(healthy, status(60, 'faulted', whole), ...overtaken(...before))).toEqual([
      [0, 'available'],
      [55, 'preparing'],
      [60, 'faulted'],
    ]);
  });

  it('have no fault of the station whose end is not known: the connector said more since', () => {
    const later = [status(70, 'available', whole), status(80, 'preparing')];
    expect(onRecord(healthy, ...later, status(60, 'faulted', { ...whole, receivedAt: at(90) }))).toEqual([
      [0, 'available'],
      [80, 'preparing'],
    ]);
  });

  it('have what the station says late of a time before the connector spoke last', () => {
    const own = status(70, 'faulted');
    const closed = (word: 'unavailable' | 'available') => status(60, word, { ...whole, receivedAt: at(71) });
    expect(onRecord(healthy, own, closed('unavailable'))).toEqual([
      [0, 'available'],
      [60, 'unavailable'],
    ]);
    expect(onRecord(healthy, own, closed('available'))).toEqual([
      [0, 'available'],
      [70, 'faulted'],
    ]);
  });

  it('keep a change that came later than what was told late of its time', () => {
    const told = overtaken(status(60, 'faulted'), status(70, 'available'));
    const closed = status(65, 'unavailable', { ...whole, receivedAt: at(71) });
    expect(onRecord(healthy, ...told, closed)).toEqual([
      [0, 'available'],
      [60, 'faulted'],
      [65, 'unavailable'],
    ]);
  });

  it('leave no trace of what was told late on the connector once its status has changed', () => {
    const told = [healthy, status(20, 'available'), ...overtaken(status(40, 'faulted'), status(50, 'available'))];
    expect(given(...told).connector(1)).toMatchObject({ statusAt: at(0), toldLateUntil: at(50) });
    const next = given(...told, status(60, 'charging')).connector(1);
    expect(next).toMatchObject({ status: 'charging', statusAt: at(60) });
    expect(next).not.toHaveProperty('toldLateUntil');
  });

  it('are the same where neighbouring reports overtake each other', () => {
    const word = fc.constantFrom('available' as const, 'charging' as const, 'faulted' as const, 'unavailable' as const);
    const words = fc.array(fc.tuple(word, fc.boolean()), { minLength: 2, maxLength: 10 });
    fc.assert(
      fc.property(words, fc.constantFrom({}, whole), (said, where) => {
        const reports = said.map(([one], index) => status(index + 1, one, where));
        const swapped: StatusReported[] = [];
        for (const [index, report] of reports.entries()) {
          const last = swapped.at(-1);
          const isLast = last === reports[index - 1];
          if (last !== undefined && isLast && said[index]?.[1] === true)
            swapped.splice(-1, 1, ...overtaken(last, report));
          else swapped.push(report);
        }
        expect(onRecord(healthy, ...swapped)).toEqual(onRecord(healthy, ...reports));
      }),
    );
  });
});

describe('the connection of a station', () => {
  const opened = (minute: number, connectionId: string): ConnectionOpened => ({
    ...said(at(minute)),
    type: 'ConnectionOpened',
    connectionId,
    ocpp: '1.6',
    transport: 'websocket',
  });
  const closed = (minute: number, connectionId: string): ConnectionClosed => ({
    ...said(at(minute)),
    type: 'ConnectionClosed',
    connectionId,
  });

  it('is the newest; the end of an older one says nothing', () => {
    const { aggregate, types } = given(opened(1, 'old'), opened(2, 'new'), closed(3, 'old'));
    expect(aggregate.station.state).toMatchObject({ connectionId: 'new', presence: { kind: 'online' } });
    expect(types).toEqual(['StationConnected', 'StationConnected']);
  });

  it('is the newest one opened, in whatever order they are told, and a repeat does not bring it back', () => {
    const overtaken = given(opened(2, 'new'), opened(1, 'old'), closed(3, 'new'));
    expect(overtaken.types).toEqual(['StationConnected', 'StationDisconnected']);
    const repeated = given(opened(2, 'new'), closed(3, 'new'), opened(2, 'new'));
    expect(repeated.aggregate.station.state?.connectionId).toBe(undefined);
  });
});

describe('a connector', () => {
  it('appears on first mention, and never beyond what a station can have', () => {
    const many = Array.from({ length: 70 }, (_, index) => status(1, 'available', on(index + 1)));
    const { aggregate, types } = given(...many, status(2, 'available', on(5000)));
    expect(aggregate.connectors).toHaveLength(64);
    expect(types.filter((type) => type === 'StationEventRecorded')).toHaveLength(7);
  });

  it('is created with its place when the station is registered', () => {
    const { aggregate } = given({ ...said(noon), type: 'StationRegistered' });
    expect(aggregate.connectors.map(({ status: word, place }) => [word, place.siteId, place.ratedW])).toEqual([
      ['unknown', 'harbour', 22_000],
      ['unknown', 'harbour', 22_000],
    ]);
  });

  it('is of the model and firmware its station booted last', () => {
    const booted = (minute: number, firmware: string) =>
      ({ ...said(at(minute)), type: 'StationBooted', vendor: 'V', model: 'M', firmware }) as const;
    const { connector } = given(booted(0, '1.0'), status(1, 'available'), booted(2, '2.0'));
    expect(connector(1)?.place).toMatchObject({ vendor: 'V', model: 'M', firmware: '2.0' });
  });
});

describe('the clock of a station', () => {
  const behind = (minute: number) =>
    status(minute - 60, 'charging', { receivedAt: at(minute), vendorStatus: `${minute}` });

  it('is learned when live messages stand at one distance, and taken out of later stamps', () => {
    const messages = Array.from({ length: 9 }, (_, index) => behind(index));
    const { aggregate, types, connector } = given(...messages);
    expect(aggregate.station.state?.clockOffsetMs).toBe(-minutes(60));
    expect(types.filter((type) => type === 'ClockSkewLearned')).toHaveLength(1);
    expect(connector(1)?.report?.at).toBe(at(8));
  });

  it('is not learned from a queue', () => {
    const messages = Array.from({ length: 9 }, (_, index) => status(index, 'charging', { receivedAt: at(60) }));
    expect(given(...messages).aggregate.station.state?.clockOffsetMs).toBe(undefined);
  });
});
