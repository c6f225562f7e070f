import { Problem } from '../command-line/problem.ts';

export type DeployArguments = { readonly cdk: readonly string[]; readonly says: string };

const valueAfter = (args: readonly string[], flag: string): string | undefined => {
  const at = args.indexOf(flag);
  return at < 0 ? undefined : args[at + 1];
};

const without = (args: readonly string[], flag: string): readonly string[] => {
  const at = args.indexOf(flag);
  return at < 0 ? args : args.toSpliced(at, 2);
};

/**
 * The arguments for cdk: `--stage` becomes context, and the window store is what the caller forces or else what the account
 * may use. Throws a Problem for a stage without a name, or when the account cannot be asked.
 */
export const deployArguments = async (
  args: readonly string[],
  timestreamIsOpen: () => Promise<boolean>,
): Promise<DeployArguments> => {
  const stage = args.includes('--stage') ? valueAfter(args, '--stage') : 'dev';
  if (stage === undefined || stage.startsWith('-')) throw new Problem('--stage takes a name: --stage prod');
  const rest = without(args, '--stage');
  const cdk = ['deploy', '-c', `stage=${stage}`];
  if (rest.some((argument) => /(^|=)windowStore=/.test(argument)))
    return { cdk: [...cdk, ...rest], says: `Deploying stage ${stage} with the window store you chose.` };
  const open = await timestreamIsOpen().catch((error: unknown) => {
    throw new Problem(
      'AWS did not say whether this account may use Timestream: check AWS_PROFILE and AWS_REGION, or choose with -c windowStore=dynamodb',
      { cause: error },
    );
  });
  const store = open ? 'timestream' : 'dynamodb';
  const because = open
    ? 'Timestream for LiveAnalytics answers'
    : 'Timestream for LiveAnalytics is closed to this account (or these credentials may not list its databases)';
  return {
    cdk: [...cdk, '-c', `windowStore=${store}`, ...rest],
    says: `Deploying stage ${stage}: ${because}; windows are kept in ${store}.`,
  };
};
