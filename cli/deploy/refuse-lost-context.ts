import type { StageName } from '../../lib/stages.ts';
import { Problem } from '../command-line/problem.ts';
import { type OutputsOf, stageOutputs } from './stage-outputs.ts';

/**
 * Throws a Problem when a stage was deployed with context (`-c domain=...`) that this deployment does not name: cdk keeps none
 * of it, and what was made for it, such as the host name chargers connect to, would be taken away. `named`: keys of this
 * deployment. Returns a line where these credentials may not look.
 */
export const refuseLostContext = async (
  stage: StageName,
  named: readonly string[],
  outputsOf: OutputsOf,
): Promise<readonly string[]> => {
  const outputs = await stageOutputs(stage, outputsOf);
  if (outputs === undefined) return [`These credentials may not look what stage ${stage} was deployed with.`];
  const earlier: object = JSON.parse(outputs.Context ?? '{}');
  const lost = Object.entries(earlier).filter(([key]) => !named.includes(key));
  if (lost.length > 0)
    throw new Problem(
      `Stage ${stage} was deployed with ${lost.map(([key, value]) => `-c ${key}=${value}`).join(' ')}: name that again, or what was made for it is taken away. --drop-context deploys without it.`,
    );
  return [];
};
