import { type StageName, stages } from '../../lib/stages.ts';
import { Problem } from '../command-line/problem.ts';

/**
 * Throws a Problem when another stage is deployed where this one is going to: AWS IoT has one broker in an account and region,
 * so that both would hear the chargers, the signals and the requests for relief of either. `outputsOf` tells the outputs of a
 * stack; undefined where there is none. Returns a line for each stage that these credentials may not look for.
 */
export const refuseOtherStages = async (
  stage: StageName,
  outputsOf: (stackName: string) => Promise<Readonly<Record<string, string>> | undefined>,
): Promise<readonly string[]> => {
  const unknown: string[] = [];
  for (const other of Object.keys(stages).filter((name) => name !== stage)) {
    const outputs = await outputsOf(`wattstream-${other}`).catch((error: unknown) => {
      if (!(error instanceof Error && error.name.startsWith('AccessDenied'))) throw error;
      unknown.push(`These credentials may not look whether stage ${other} is in this account and region.`);
      return {};
    });
    // What is left of a first deployment that failed has no outputs.
    if (Object.keys(outputs ?? {}).length > 0)
      throw new Problem(
        `Stage ${other} is in this account and region: over AWS IoT each would hear what is meant for the other. Deploy ${stage} to another account or region. Where nothing uses MQTT, --beside-other-stages deploys all the same.`,
      );
  }
  return unknown;
};
