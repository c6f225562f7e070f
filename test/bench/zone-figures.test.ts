import { describe, expect, it } from 'vitest';
import { benchZone } from '../../bench/demand-response/bench-zone.ts';
import { aboveRamp, type ZoneRun, zoneFigures } from '../../bench/demand-response/zone-figures.ts';

const stations = benchZone(20);
const [submittedAt, endAt] = [1_000_000, 1_300_000];

/** A zone in which every station draws so much at each second, from a minute before until twelve minutes after. */
const run = (drawnW: (index: number, atSec: number) => number): ZoneRun => ({
  stations,
  samples: Array.from({ length: 60 + 300 + 720 }, (_, index) => {
    const atSec = index - 60;
    return { at: submittedAt + atSec * 1_000, powersW: stations.map((__, station) => drawnW(station, atSec)) };
  }),
  profiles: stations.map((_, index) => ({ at: submittedAt + 100 + index, index })),
  answers: [{ at: submittedAt + 150, index: 0, status: 'Accepted' }],
  signalId: 'bench-dr',
  submittedAt,
  endAt,
  askedW: 60_000,
  shedsW: stations.map(() => 3_000),
});

describe('figures of a bench of demand response', () => {
  it('are those of what the cars took', () => {
    const figures = zoneFigures(run((_, atSec) => (atSec >= 5 && atSec < 300 ? 4_000 : 7_000)));
    expect(figures).toMatchObject({
      baselineW: 140_000,
      settledW: 60_000,
      shortW: 0,
      overshootW: 0,
      stationsReached: 20,
      firstFrameMs: 100,
      lastFrameMs: 119,
      firstAcceptedMs: 150,
      obedientT90Sec: 5,
      zoneT90Sec: 5,
      rejectedStations: 0,
    });
    expect(figures.reboundRatio).toBeCloseTo(1, 2);
  });

  it('find stations that return before their turn', () => {
    const all = aboveRamp(run((_, atSec) => (atSec >= 5 && atSec < 300 ? 4_000 : 7_000)));
    const none = aboveRamp(run((_, atSec) => (atSec >= 5 && atSec < 960 ? 4_000 : 7_000)));
    expect(all.stations).toBeGreaterThan(0);
    expect(none).toEqual({ stations: 0, mostW: 0 });
  });
});
