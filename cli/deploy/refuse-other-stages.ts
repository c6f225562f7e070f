import { type StageName, stages } from '../../lib/stages.ts';
import { Problem } from '../command-line/problem.ts';
import { type OutputsOf, stageOutputs } from './stage-outputs.ts';

/**
 * Throws a Problem when another stage is deployed where this one is going to: AWS IoT has one broker in an account and region,
 * so that both would hear the chargers, the signals and the requests for relief of either. Returns a line for each stage that
 * these credentials may not look for.
 */
export const refuseOtherStages = async (stage: StageName, outputsOf: OutputsOf): Promise<readonly string[]> => {
  const unknown: string[] = [];
  for (const other of Object.keys(stages).filter((name) => name !== stage)) {
    const outputs = await stageOutputs(other, outputsOf);
    if (outputs === undefined)
      unknown.push(`These credentials may not look whether stage ${other} is in this account and region.`);
    // What is left of a first deployment that failed has no outputs.
    else if (Object.keys(outputs).length > 0)
      throw new Problem(
        `Stage ${other} is in this account and region: over AWS IoT each would hear what is meant for the other. Deploy ${stage} to another account or region. Where nothing uses MQTT, --beside-other-stages deploys all the same.`,
      );
  }
  return unknown;
};
