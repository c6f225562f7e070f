import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Deployment } from '../../lib/deployment.ts';
import { type StageName, stages } from '../../lib/stages.ts';
import { unbundled } from './synthesized.ts';

export type Sandbox = { readonly stack: Stack; readonly deployment: Deployment };

/** An empty stack for one construct. prod has a topic for its alarms, dev has none. */
export const sandbox = (name: StageName): Sandbox => {
  const stack = new Stack(new App(), 'sandbox');
  const operations = name === 'prod' ? new Topic(stack, 'Operations') : undefined;
  return {
    stack,
    deployment: { name, stage: stages[name], bundle: unbundled(), ...(operations && { operations }) },
  };
};
