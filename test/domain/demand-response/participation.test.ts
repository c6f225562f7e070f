import { describe, expect, it } from 'vitest';
import {
  keptWOf,
  participantKey,
  readParticipation,
  type StationParticipation,
} from '../../../domain/demand-response/participation.ts';

const arrival = { receivedAt: 1_000, by: 'me' };
const ccs = { evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: 150_000 };

const site = (kept: readonly object[], isOptedOut = false): StationParticipation => ({
  optedOutTags: new Set(['OUT']),
  site: { ...readParticipation({ siteId: 'depot', kept, isOptedOut }, arrival), rev: 1 },
});

describe('what a connector keeps', () => {
  it('is what it needs to charge where nobody said anything', () => {
    expect(keptWOf('S1', ccs, { optedOutTags: new Set() })).toEqual({ minimumW: 2_000, comfortW: 2_000 });
  });

  it('is what the entry says that says most about it', () => {
    const kept = [
      { minimumKw: 10 },
      { connectorType: 'CCS', minimumKw: 20, comfortKw: 30 },
      { stationId: 'S1', comfortKw: 40 },
      { stationId: 'S2', connectorType: 'CCS', minimumKw: 99 },
    ];
    expect(keptWOf('S1', ccs, site(kept))).toEqual({ minimumW: 20_000, comfortW: 40_000 });
    expect(keptWOf('S2', ccs, site(kept))).toEqual({ minimumW: 99_000, comfortW: 99_000 });
    expect(keptWOf('S3', { ...ccs, connectorType: 'NACS' }, site(kept)).minimumW).toBe(10_000);
  });

  it('is never more than it can give', () => {
    expect(keptWOf('S1', ccs, site([{ minimumKw: 600 }]))).toEqual({ minimumW: 150_000, comfortW: 150_000 });
  });

  it('is all it can give in events of priority 3 where the site or the driver is opted out', () => {
    expect(keptWOf('S1', ccs, site([], true))).toEqual({ minimumW: 2_000, comfortW: 150_000 });
    expect(keptWOf('S1', ccs, site([]), 'out')).toEqual({ minimumW: 2_000, comfortW: 150_000 });
    expect(keptWOf('S1', ccs, site([]), 'other').comfortW).toBe(2_000);
  });
});

describe('a participation that is read', () => {
  it('holds what was said, by whom and when', () => {
    expect(readParticipation({ tag: 'abc', isOptedOut: true, why: 'on call' }, arrival)).toEqual({
      participant: { kind: 'driver', tag: 'abc' },
      isOptedOut: true,
      kept: [],
      setAt: 1_000,
      setBy: 'me',
      why: 'on call',
    });
  });

  it('is of one driver however the tag is written', () => {
    expect(participantKey({ kind: 'driver', tag: 'abc' })).toBe(participantKey({ kind: 'driver', tag: 'ABC' }));
  });

  it.each([
    ['nobody', {}, 'siteId or tag'],
    ['two', { siteId: 'a', tag: 'b' }, 'siteId or tag'],
    ['power that a driver keeps', { tag: 'b', kept: [{ minimumKw: 1 }] }, 'kept is of stations'],
    ['an entry that keeps nothing', { siteId: 'a', kept: [{ stationId: 'S1' }] }, 'minimumKw or comfortKw'],
    ['comfort below the minimum', { siteId: 'a', kept: [{ minimumKw: 5, comfortKw: 4 }] }, 'must not be below'],
    ['a negative power', { siteId: 'a', kept: [{ minimumKw: -5 }] }, 'kept[0].minimumKw must be from 0'],
    ['a field nobody reads', { siteId: 'a', optOut: true }, 'optOut'],
  ])('is refused with %s', (_, asked, reason) => {
    expect(() => readParticipation(asked, arrival)).toThrow(reason);
  });
});
