import { type StageName, stageName } from '../../lib/stages.ts';
import { Problem } from '../command-line/problem.ts';

export type DeployArguments = {
  readonly stage: StageName;
  /** Deploy although the account allows less than the stage needs. */
  readonly ignoresQuotas: boolean;
  /** Arguments for cdk. */
  readonly cdk: readonly string[];
};

/** The arguments for cdk: `--stage` becomes context, everything unknown is passed on. Throws a Problem for a stage there is not. */
export const deployArguments = (args: readonly string[]): DeployArguments => {
  const at = args.indexOf('--stage');
  const named = at < 0 ? 'dev' : args[at + 1];
  if (named === undefined || named.startsWith('-')) throw new Problem('--stage takes a name: --stage prod');
  if (named !== 'dev' && named !== 'prod') throw new Problem(`There is no stage ${named}: --stage dev or --stage prod`);
  const rest = (at < 0 ? args : args.toSpliced(at, 2)).filter((argument) => argument !== '--ignore-quotas');
  return {
    stage: stageName(named),
    ignoresQuotas: args.includes('--ignore-quotas'),
    cdk: ['deploy', '-c', `stage=${named}`, ...rest],
  };
};
