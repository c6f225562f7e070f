import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Bundle } from './constructs/bundle.ts';
import type { Stage, StageName } from './stages.ts';

/** What every construct of one deployment shares. */
export type Deployment = {
  readonly name: StageName;
  readonly stage: Stage;
  readonly bundle: Bundle;
  /** Where alarms go; without it (stage.alarms off) there are none. */
  readonly operations?: ITopic;
};
