import { expect, it } from 'vitest';
import { readRegressions } from '../../sim/regression.ts';
import { runSeed } from '../../sim/run-seed.ts';
import { readDeployed } from '../../sim/stack/deployed.ts';

it('holds in every history that broke an invariant once', async () => {
  const deployed = await readDeployed();
  const cases = readRegressions();
  expect(cases).not.toEqual([]);
  for (const [name, { options, plan }] of cases)
    expect([name, (await runSeed(deployed, options, { plan })).violations]).toEqual([name, []]);
}, 300_000);
