import { type StageName, stageName } from '../../lib/stages.ts';
import { Problem } from '../command-line/problem.ts';

export type DeployArguments = {
  readonly stage: StageName;
  /** Deploy although the account allows less than the stage needs. */
  readonly ignoresQuotas: boolean;
  /** Deploy although another stage is in the account and region. */
  readonly isBesideOthers: boolean;
  /** Deploy although context of the deployment before is not named again. */
  readonly dropsContext: boolean;
  /** Keys of the context that is named. */
  readonly context: readonly string[];
  /** Arguments for cdk. */
  readonly cdk: readonly string[];
};

/** What is for us, and not for cdk. */
const flags: readonly string[] = ['--ignore-quotas', '--beside-other-stages', '--drop-context'];

/** The values of an option, given as `--stage prod` or `--stage=prod`, and the arguments without them. */
const taken = (args: readonly string[], option: string) => {
  const values: (string | undefined)[] = [];
  const rest: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const argument = args[at] ?? '';
    if (argument === option) values.push(args[++at]);
    else if (argument.startsWith(`${option}=`)) values.push(argument.slice(option.length + 1));
    else rest.push(argument);
  }
  return { values, rest };
};

/** The key of cdk's context, however that is written: -c stage=prod, -cstage=prod, --context=stage=prod. */
const contextKey = /^(?:-c|--context=)?=?([A-Za-z]+)=/;

/**
 * The arguments for cdk: `--stage` becomes context, everything unknown is passed on. Throws a Problem for a stage there is not,
 * and for what would have cdk deploy something else than what is checked before and protected afterwards.
 */
export const deployArguments = (args: readonly string[]): DeployArguments => {
  const { values, rest } = taken(args, '--stage');
  const [named, ...others] = values.length === 0 ? ['dev'] : values;
  if (named === undefined || named === '' || named.startsWith('-'))
    throw new Problem('--stage takes a name: --stage prod');
  if (others.length > 0) throw new Problem('There are two stages: deploy one after the other');
  if (named !== 'dev' && named !== 'prod') throw new Problem(`There is no stage ${named}: --stage dev or --stage prod`);
  const context = rest.flatMap((argument) => contextKey.exec(argument)?.[1] ?? []);
  if (context.includes('stage')) throw new Problem('The stage is named with --stage, not with -c: --stage prod');
  if (taken(rest, '--profile').values.length > 0)
    throw new Problem('Name the profile with AWS_PROFILE, not with --profile: cdk is not the only one that asks AWS');
  return {
    stage: stageName(named),
    ignoresQuotas: args.includes('--ignore-quotas'),
    isBesideOthers: args.includes('--beside-other-stages'),
    dropsContext: args.includes('--drop-context'),
    context,
    cdk: ['deploy', '-c', `stage=${named}`, ...rest.filter((argument) => !flags.includes(argument))],
  };
};
