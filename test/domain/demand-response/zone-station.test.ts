import { describe, expect, it } from 'vitest';
import { readParticipation } from '../../../domain/demand-response/participation.ts';
import { zoneStationOf } from '../../../domain/demand-response/zone-station.ts';
import { registration } from '../../fakes/registration.ts';

const now = Date.parse('2026-07-01T17:00:00Z');

describe('a station of a zone', () => {
  it('knows whether its site is opted out', () => {
    const of = (isOptedOut: boolean) => {
      const asked = readParticipation({ siteId: 'depot', isOptedOut }, { receivedAt: now, by: 'me' });
      const participation = { site: { ...asked, rev: 1 }, optedOutTags: new Set<string>() };
      return zoneStationOf(registration({ siteId: 'depot' }), [], undefined, participation, now).isOptedOut;
    };
    expect([of(true), of(false)]).toEqual([true, undefined]);
  });
});
