import { describe, expect, it } from 'vitest';
import { guardOf } from '../../../domain/guard.ts';
import { Rejected } from '../../../domain/rejected.ts';
import { recordOf } from '../../../lambdas/project-state/record-of.ts';
import { noon } from '../../support/station-days.ts';

const envelope = (frame: string): string =>
  JSON.stringify({
    kind: 'frame',
    stationId: 'S1',
    ocpp: '1.6',
    transport: 'websocket',
    receivedAt: noon,
    frame,
    answer: '[3,"1",{}]',
  });

describe('a record of the stream', () => {
  it('carries its facts, its guard and when the station was heard of', () => {
    const status = {
      connectorId: 1,
      errorCode: 'NoError',
      status: 'Charging',
      timestamp: new Date(noon).toISOString(),
    };
    const { key, value } = recordOf('0', envelope(JSON.stringify([2, '1', 'StatusNotification', status])), '42');
    expect(key).toBe('S1');
    expect(value).toMatchObject({
      guard: guardOf('00', '42'),
      heardAt: noon,
      facts: [{ type: 'StatusReported', status: 'charging', evseId: 1, connectorId: 1 }],
    });
  });

  it('of a sweep is no sign of life', () => {
    const finding = { type: 'StationLost', at: noon, cause: 'silent' };
    const { value } = recordOf(
      '0',
      JSON.stringify({ kind: 'sweep', stationId: 'S1', receivedAt: noon, finding }),
      '42',
    );
    expect(value.heardAt).toBe(undefined);
  });

  it.each([['not json'], ['{}'], [envelope('[2,"1",')]])('is to be parked where it cannot be read: %s', (data) => {
    expect(() => recordOf('0', data, '42')).toThrow(Rejected);
  });
});
