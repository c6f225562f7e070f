import { describe, expect, it } from 'vitest';
import type { Connector } from '../../../domain/connector/connector.ts';
import { abandonedSessions } from '../../../domain/fleet/abandoned-sessions.ts';
import { stationReturn, stationSilence } from '../../../domain/fleet/station-silence.ts';
import type { ActiveSession } from '../../../domain/session/active-session.ts';
import { isClockInDoubt } from '../../../domain/station/clock-learned.ts';
import type { StationState } from '../../../domain/station/station-state.ts';

const MINUTE = 60_000;
const NOW = Date.parse('2026-11-01T12:00:00Z');
const state = (online: boolean): StationState => ({
  stationId: 'S',
  presence: online ? { kind: 'online', since: NOW - 600 * MINUTE } : { kind: 'offline', since: NOW - MINUTE },
  guard: '',
  rev: 1,
  outbox: [],
});

describe('a station', () => {
  const heard = { connectorsSeenAt: NOW - 30 * MINUTE, lastSeenAt: NOW - 12 * MINUTE };

  it('is lost five minutes after its socket went, since then', () => {
    const gone = (minutes: number) =>
      stationSilence({ state: state(true), connectivity: { disconnectedAt: NOW - minutes * MINUTE }, ...heard }, NOW);
    expect([gone(4), gone(5)]).toEqual([undefined, { at: NOW - 5 * MINUTE, cause: 'no-connection' }]);
  });

  it('is lost after three heartbeat intervals of silence on an open socket, since its last word', () => {
    const silent = (minutes: number) =>
      stationSilence(
        {
          state: state(true),
          connectivity: { connectionId: 'c', connectedAt: NOW - 300 * MINUTE },
          connectorsSeenAt: 0,
          lastSeenAt: NOW - minutes * MINUTE,
        },
        NOW,
      );
    expect([silent(26), silent(27)]).toEqual([undefined, { at: NOW - 27 * MINUTE, cause: 'silent' }]);
  });

  it('cannot be lost twice, nor before it was ever there', () => {
    expect(stationSilence({ state: state(false), connectorsSeenAt: 0 }, NOW)).toBeUndefined();
    expect(stationSilence({ connectorsSeenAt: 0 }, NOW)).toBeUndefined();
  });

  it('is back when it was heard on an open connection after it was lost, unless it is silent again since', () => {
    const connectivity = { connectionId: 'c', connectedAt: NOW - 300 * MINUTE };
    const lost = (minutes: number): StationState => ({
      ...state(false),
      presence: { kind: 'offline', since: NOW - minutes * MINUTE },
    });
    const back = (lastSeenAt: number, since = 60) =>
      stationReturn({ state: lost(since), connectivity, connectorsSeenAt: 0, lastSeenAt }, NOW);
    expect(back(NOW - 26 * MINUTE)).toEqual({ at: NOW - 26 * MINUTE });
    expect(back(NOW - 27 * MINUTE)).toBeUndefined();
    expect(back(NOW - 20 * MINUTE, 20)).toBeUndefined();
    const seen = { connectorsSeenAt: 0, lastSeenAt: NOW - MINUTE };
    expect(stationReturn({ state: state(true), connectivity, ...seen }, NOW)).toBeUndefined();
    expect(stationReturn({ state: lost(60), connectivity: { disconnectedAt: NOW }, ...seen }, NOW)).toBeUndefined();
    expect(stationReturn({ state: lost(60), ...seen }, NOW)).toBeUndefined();
  });

  it('is not lost by the disconnect of a socket that another one replaced', () => {
    const connectivity = { connectionId: 'new', connectedAt: NOW - MINUTE, disconnectedAt: NOW - 20 * MINUTE };
    expect(stationSilence({ state: state(true), connectivity, ...heard }, NOW)).toBeUndefined();
  });
});

describe('the clock of a station', () => {
  it('is in doubt while its stamps stand at one distance that nobody expects, as those of a queue do not', () => {
    const HOUR = 60 * MINUTE;
    expect(isClockInDoubt({})).toBe(false);
    expect(isClockInDoubt({ clockSamplesMs: [-20 * HOUR] })).toBe(true);
    expect(isClockInDoubt({ clockSamplesMs: [-20 * HOUR, -20 * HOUR - 1_000] })).toBe(true);
    expect(isClockInDoubt({ clockSamplesMs: [-20 * HOUR, -19 * HOUR] })).toBe(false);
  });
});

describe('a session without a stop', () => {
  const session: ActiveSession = {
    sessionId: 's',
    transactionId: '7',
    startedAt: NOW - 600 * MINUTE,
    sampledAt: NOW - 60 * MINUTE,
    energyWh: 1,
    curve: [[0, 0]],
    flags: [],
  };
  const connector = (more: Partial<Connector>): Connector => ({
    stationId: 'S',
    evseId: 1,
    connectorId: 1,
    place: { siteId: 'A', zoneId: 'Z', region: 'r', timeZone: 'UTC', connectorType: 'CCS', ratedW: 1 },
    status: 'charging',
    statusAt: NOW,
    recent: [],
    lastSeenAt: NOW - 11 * MINUTE,
    guard: '',
    rev: 1,
    outbox: [],
    session,
    ...more,
  });
  const free = (at: number) => ({ status: 'available' as const, vendorStatus: 'Available', at, receivedAt: at });

  it('ended when its connector said it is free, once the stop has had ten minutes to come', () => {
    const ended = { evseId: 1, connectorId: 1, transactionId: '7', at: NOW - 11 * MINUTE };
    expect(abandonedSessions(connector({ report: free(NOW - 11 * MINUTE) }), false, NOW)).toEqual([ended]);
    expect(
      abandonedSessions(connector({ report: free(NOW - 9 * MINUTE), lastSeenAt: NOW - 9 * MINUTE }), false, NOW),
    ).toEqual([]);
  });

  it('goes on while the clock of its station is in doubt, though the connector said it is free', () => {
    const freed = connector({ report: free(NOW - 11 * MINUTE) });
    expect(abandonedSessions(freed, true, NOW)).toEqual([]);
    expect(abandonedSessions({ ...freed, lastSeenAt: NOW - 24 * 60 * MINUTE }, true, NOW)).toHaveLength(1);
  });

  it('goes on while the connector was free only before it', () => {
    expect(abandonedSessions(connector({ report: free(NOW - 700 * MINUTE) }), false, NOW)).toEqual([]);
  });

  it('ended at its last sample when nothing was heard for a day', () => {
    expect(abandonedSessions(connector({ lastSeenAt: NOW - 24 * 60 * MINUTE }), false, NOW)).toEqual([
      { evseId: 1, connectorId: 1, transactionId: '7', at: NOW - 60 * MINUTE },
    ]);
  });

  it('is not given up while the queue of an old session is just coming in', () => {
    const old = {
      ...session,
      startedAt: Date.parse('2018-10-22T10:00:00Z'),
      sampledAt: Date.parse('2018-10-22T10:15:00Z'),
    };
    const report = { ...free(Date.parse('2018-10-22T10:16:00Z')), receivedAt: NOW - 1000 };
    expect(abandonedSessions(connector({ session: old, report, lastSeenAt: NOW - 1000 }), false, NOW)).toEqual([]);
  });
});
