import { describe, expect, it } from 'vitest';
import { runSeed } from '../../sim/run-seed.ts';
import type { SimOptions } from '../../sim/sim-options.ts';
import { readDeployed } from '../../sim/stack/deployed.ts';

const deployed = await readDeployed();
/** A run takes seconds, on a machine that others use too. */
const LONGEST_MS = 120_000;

const cases: readonly SimOptions[] = [
  { seed: 1, stations: 3, days: 0.03, profile: 'calm' },
  { seed: 2, stations: 3, days: 0.04, profile: 'rough' },
  { seed: 3, stations: 3, days: 0.05, profile: 'storm' },
  { seed: 5, stations: 3, days: 0.05, profile: 'storm' },
];

describe('the deployed stack in a simulated world', () => {
  it.each(cases)(
    'holds under seed $seed ($profile, $stations stations, $days days)',
    async (options) => {
      expect((await runSeed(deployed, options)).violations).toEqual([]);
    },
    LONGEST_MS,
  );

  it(
    'is the same world again under the same seed, and another under another',
    async () => {
      const hashes = [];
      // Seed 3 has stations on MQTT.
      for (const seed of [7, 7, 3, 3])
        hashes.push((await runSeed(deployed, { seed, stations: 2, days: 0.02, profile: 'storm' })).hash);
      expect([hashes[1], hashes[3]]).toEqual([hashes[0], hashes[2]]);
      expect(hashes[2]).not.toBe(hashes[0]);
    },
    LONGEST_MS,
  );
});
