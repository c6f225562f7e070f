import type { StackOutputs } from '../../aws/stack-outputs.ts';

/** Tells the outputs of a stack; undefined where there is none. */
export type OutputsOf = (stackName: string) => Promise<StackOutputs | undefined>;

/** What the stack of a stage tells about itself, nothing where there is none; undefined where these credentials may not look. */
export const stageOutputs = async (stage: string, outputsOf: OutputsOf): Promise<StackOutputs | undefined> => {
  try {
    return (await outputsOf(`wattstream-${stage}`)) ?? {};
  } catch (error) {
    if (error instanceof Error && error.name.startsWith('AccessDenied')) return undefined;
    throw error;
  }
};
