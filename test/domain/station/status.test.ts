import { describe, expect, it } from 'vitest';
import type { ConnectionClosed, ConnectionOpened, StationLost } from '../../../domain/kernel/fact.ts';
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
