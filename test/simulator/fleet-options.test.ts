import { describe, expect, it } from 'vitest';
import { Problem } from '../../cli/command-line/problem.ts';
import { behaviourWith, reactionTo, wellBehaved } from '../../simulator/charge-point/commands/behaviour.ts';
import { behaviours, fleetOptions } from '../../simulator/fleet-options.ts';

const options = (...flags: string[]) => fleetOptions(['--url', 'ws://127.0.0.1:1/ocpp', ...flags]);

describe('the options of a fleet', () => {
  it('say how stations behave: one, all, or a share of them', () => {
    const behaviourOf = behaviours(
      options(
        '--behave',
        'WS-0001:SetChargingProfile=reject',
        '--behave',
        '*:GetLog=late:5000',
        '--behave',
        '30%:*=ignore',
      ),
    );
    const ids = Array.from({ length: 1000 }, (_, index) => `WS-${index + 1}`);
    const ignoring = ids.filter((id) => reactionTo(behaviourOf(id), 'Reset').kind === 'ignore');
    expect(reactionTo(behaviourOf('WS-0001'), 'SetChargingProfile')).toEqual({ kind: 'reject' });
    expect(reactionTo(behaviourOf('WS-0002'), 'GetLog')).toEqual({ kind: 'late', delayMs: 5000 });
    expect(ignoring.length).toBeGreaterThan(250);
    expect(ignoring.length).toBeLessThan(350);
  });

  it.each(['WS-0001', 'WS-0001:Reset=perhaps', 'WS-0001:reset=reject', '*:Reset=late', '*:obedience=slow:5'])(
    'do not include --behave %s',
    (flag) => {
      expect(() => options('--behave', flag)).toThrow(/behav/i);
      expect(() => options('--behave', flag)).toThrow(Problem);
    },
  );
});

describe('a behaviour', () => {
  it('is changed word by word', () => {
    expect(behaviourWith(wellBehaved, 'Reset=ignore, obedience=slow:20000:500, station-maximum=off')).toEqual({
      reactions: { Reset: { kind: 'ignore' } },
      obedience: { kind: 'slow', delayMs: 20_000, rampWPerSec: 500 },
      stationMaximum: false,
    });
    expect(behaviourWith(behaviourWith(wellBehaved, '*=reject'), 'normal')).toEqual(wellBehaved);
  });
});
