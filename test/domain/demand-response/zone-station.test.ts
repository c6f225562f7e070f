import { describe, expect, it } from 'vitest';
import { readParticipation } from '../../../domain/demand-response/participation.ts';
import { freshSampleMs } from '../../../domain/demand-response/present-load-w.ts';
import { measuredLoad, zoneStationOf } from '../../../domain/demand-response/zone-station.ts';
import { registration } from '../../fakes/registration.ts';
import { charging } from '../alerts/fixtures.ts';

const now = Date.parse('2026-07-01T17:00:00Z');

describe('a station of a zone', () => {
  it('is known by samples of as long ago as chargers are asked for them, and two minutes at least', () => {
    const { session } = charging(1, { powerW: 20_000, sampledAt: now - 250_000 });
    const live = [{ stationId: 'CP01', evseId: 1, connectorId: 1, ...(session && { session }) }];
    const loadOf = (meterIntervalSec: number) => {
      const freshMs = freshSampleMs(meterIntervalSec);
      const nobody = { optedOutTags: new Set<string>() };
      const { loadW } = zoneStationOf(registration(), live, undefined, nobody, now, freshMs);
      return [loadW, measuredLoad(live, now, freshMs)];
    };
    expect(loadOf(60)).toEqual([undefined, undefined]);
    expect(loadOf(300)).toEqual([20_000, { powerW: 20_000, at: now - 250_000 }]);
    expect([10, 60, 61].map(freshSampleMs)).toEqual([120_000, 120_000, 121_000]);
  });

  it('knows whether its site is opted out', () => {
    const of = (isOptedOut: boolean) => {
      const asked = readParticipation({ siteId: 'depot', isOptedOut }, { receivedAt: now, by: 'me' });
      const participation = { site: { ...asked, rev: 1 }, optedOutTags: new Set<string>() };
      return zoneStationOf(registration({ siteId: 'depot' }), [], undefined, participation, now, 120_000).isOptedOut;
    };
    expect([of(true), of(false)]).toEqual([true, undefined]);
  });
});
