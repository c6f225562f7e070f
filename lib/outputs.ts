import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Writes stack outputs under stable logical ids: operators and the command-line tools look them up by these names. */
export const outputs = (
  scope: Construct,
  values: Readonly<Record<string, readonly [value: string, means: string]>>,
): void => {
  for (const [id, [value, description]] of Object.entries(values)) new CfnOutput(scope, id, { value, description });
};
