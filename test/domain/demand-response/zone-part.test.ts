import { describe, expect, it } from 'vitest';
import { readSignal } from '../../../domain/demand-response/read-signal.ts';
import { zonePart } from '../../../domain/demand-response/zone-part.ts';
import { emptyPlan, joined } from '../../../domain/demand-response/zone-plan.ts';
import { plannedStation } from './planned-station.ts';

const at = Date.parse('2026-07-01T12:00:00Z');
const asked = (fields: object) => {
  const signal = { signalId: 's', type: 'CURTAIL', siteId: 'depot', curtailmentPct: 30, endAt: '2026-07-01T13:00:00Z' };
  return readSignal({ ...signal, ...fields }, { receivedAt: at, by: 'me' });
};
/** What the plans of the zones of a site ask in which so much is drawn, W. */
const targetsOf = (signal: ReturnType<typeof asked>, loadsW: Readonly<Record<string, number>>): readonly number[] => {
  const byZone = new Map(Object.entries(loadsW));
  return [...byZone].flatMap(([zoneId, loadW]) =>
    joined(emptyPlan(zoneId), zonePart(signal, byZone, zoneId), [{ ...plannedStation(0), loadW }], at).signals.map(
      ({ targetW }) => targetW,
    ),
  );
};

describe('a share of a site in several zones', () => {
  it.each([
    [
      'of a baseline that is named is asked once',
      { baselineKw: 100 },
      { north: 60_000, south: 40_000 },
      [18_000, 12_000],
    ],
    ['of one that is named, of a site in one zone, is asked there', { baselineKw: 100 }, { north: 60_000 }, [30_000]],
    [
      'of what is drawn is asked in each zone of what is drawn there',
      {},
      { north: 60_000, south: 40_000 },
      [18_000, 12_000],
    ],
    ['of an idle site is asked of nobody', { baselineKw: 100 }, { north: 0, south: 0 }, [0, 0]],
  ])('%s', (_, fields, loadsW, expected) => {
    expect(targetsOf(asked(fields), loadsW)).toEqual(expected);
  });
});
