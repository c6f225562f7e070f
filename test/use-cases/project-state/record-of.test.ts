import { describe, expect, it } from 'vitest';
import { guardOf } from '../../../domain/kernel/guard.ts';
import { Rejected } from '../../../domain/kernel/rejected.ts';
import { recordOf as read } from '../../../use-cases/project-state/record-of.ts';
import { noon } from '../../support/station-days.ts';

const envelope = (frame: string, answer = '[3,"1",{}]'): string =>
  JSON.stringify({
    kind: 'frame',
    stationId: 'S1',
    ocpp: '1.6',
    transport: 'websocket',
    receivedAt: noon,
    frame,
    answer,
  });

const recordOf = (data: string) => {
  const warned: string[] = [];
  const record = read('0', data, '42', (kind) => warned.push(kind));
  if (record === undefined) throw new Error('The record is about no station');
  return { ...record, warned };
};

describe('a record of the stream', () => {
  it('carries its facts, its guard and when the station was heard of', () => {
    const status = {
      connectorId: 1,
      errorCode: 'NoError',
      status: 'Charging',
      timestamp: new Date(noon).toISOString(),
    };
    const { key, value } = recordOf(envelope(JSON.stringify([2, '1', 'StatusNotification', status])));
    expect(key).toBe('S1');
    expect(value).toMatchObject({
      guard: guardOf('00', '42'),
      heardAt: noon,
      facts: [{ type: 'StatusReported', status: 'charging', evseId: 1, connectorId: 1 }],
    });
  });

  it('about a site is left to its own consumer: a small stage has one stream for both', () => {
    const tick = JSON.stringify({ kind: 'site-tick', siteId: 'A', receivedAt: noon });
    expect(read('0', tick, '42', () => {})).toBe(undefined);
  });

  it('of a sweep is no sign of life', () => {
    const finding = { type: 'StationLost', at: noon, cause: 'silent' };
    const { value } = recordOf(JSON.stringify({ kind: 'sweep', stationId: 'S1', receivedAt: noon, finding }));
    expect(value.heardAt).toBe(undefined);
  });

  it('of a sweep may tell when the station was heard', () => {
    const finding = { type: 'StationHeard', at: noon - 5_000 };
    const { value } = recordOf(JSON.stringify({ kind: 'sweep', stationId: 'S1', receivedAt: noon, finding }));
    expect([value.heardAt, value.facts]).toEqual([noon - 5_000, []]);
  });

  it('of a station that is not admitted is counted, not parked, and shows that it lives', () => {
    const refused = envelope('[2,"1","Heartbeat",{}]', '[4,"1","SecurityError","The station is pending",{}]');
    const { value, warned } = recordOf(refused);
    expect(value).toEqual({ guard: guardOf('00', '42'), facts: [], heardAt: noon });
    expect(warned).toEqual(['sender-refused']);
  });

  it('with oddities is taken, and they are counted by kind', () => {
    const status = { connectorId: 1, errorCode: 'NoError', status: 'Charging', timestamp: '1970-01-01T00:00:00Z' };
    const { value, warned } = recordOf(envelope(JSON.stringify([2, '1', 'StatusNotification', status])));
    expect(value.facts).toMatchObject([{ type: 'StatusReported', at: noon, clock: 'receiver' }]);
    expect(warned).toEqual(['timestamp-before-2010']);
  });

  it('that was refused for what it says is to be parked', () => {
    const refused = envelope('[2,"1","Dance",{}]', '[4,"1","NotImplemented","No such action",{}]');
    expect(() => recordOf(refused)).toThrow(Rejected);
  });

  it.each([['not json'], ['{}'], [envelope('[2,"1",')]])('is to be parked where it cannot be read: %s', (data) => {
    expect(() => recordOf(data)).toThrow(Rejected);
  });
});
