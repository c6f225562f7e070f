import type { StackOutputs } from '../../aws/stack-outputs.ts';
import type { StageName } from '../../lib/stages.ts';
import { Problem } from '../command-line/problem.ts';

/**
 * Throws a Problem when a stage was deployed with context (`-c domain=...`) that this deployment does not name: cdk keeps none
 * of it, and what was made for it, such as the host name chargers connect to, would be taken away. `named`: keys of this
 * deployment. `outputsOf` tells the outputs of a stack; undefined where there is none. Returns a line where these credentials may
 * not look.
 */
export const refuseLostContext = async (
  stage: StageName,
  named: readonly string[],
  outputsOf: (stackName: string) => Promise<StackOutputs | undefined>,
): Promise<readonly string[]> => {
  const unknown: string[] = [];
  const outputs = await outputsOf(`wattstream-${stage}`).catch((error: unknown) => {
    if (!(error instanceof Error && error.name.startsWith('AccessDenied'))) throw error;
    unknown.push(`These credentials may not look what stage ${stage} was deployed with.`);
    return undefined;
  });
  const earlier: object = JSON.parse(outputs?.Context ?? '{}');
  const lost = Object.entries(earlier).filter(([key]) => !named.includes(key));
  if (lost.length > 0)
    throw new Problem(
      `Stage ${stage} was deployed with ${lost.map(([key, value]) => `-c ${key}=${value}`).join(' ')}: name that again, or what was made for it is taken away. --drop-context deploys without it.`,
    );
  return unknown;
};
