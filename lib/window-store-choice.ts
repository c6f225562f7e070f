import { type WindowStoreKind, windowStoreKind } from './stages.ts';

export type WindowStoreQuestion = {
  /** What `-c windowStore=...` says. */
  readonly told: string | undefined;
  /** Account and region whose credentials the CDK command line found; undefined without. */
  readonly environment: { readonly account: string; readonly region: string } | undefined;
  /** The context key's value of an earlier run (cdk.context.json). */
  readonly remembered: (key: string) => unknown;
  readonly remember: (key: string, store: WindowStoreKind) => void;
  /** Whether the account may use Timestream. Rejects when AWS cannot be asked. */
  readonly timestreamIsOpen: () => Promise<boolean>;
};

export type WindowStoreChoice = {
  readonly store: WindowStoreKind;
  /** What the person at the command line should know about it. */
  readonly says?: string;
};

/**
 * Where windows are kept: as told, or else as the account may, which is asked once and remembered. Without credentials
 * DynamoDB is assumed, which every account may use. Throws when there are credentials and AWS does not answer: a wrong guess
 * would move the windows of a stack that is deployed.
 */
export const chosenWindowStore = async (question: WindowStoreQuestion): Promise<WindowStoreChoice> => {
  const { told, environment, remembered, remember, timestreamIsOpen } = question;
  if (told !== undefined) return { store: windowStoreKind(told) };
  if (environment === undefined)
    return {
      store: 'dynamodb',
      says: 'Windows are kept in DynamoDB: there are no AWS credentials to ask whether the account may use Timestream. -c windowStore=timestream or dynamodb decides.',
    };
  const { account, region } = environment;
  const key = `wattstream:windowStore:account=${account}:region=${region}`;
  const known = remembered(key);
  if (typeof known === 'string') return { store: windowStoreKind(known) };
  const isOpen = await timestreamIsOpen().catch((error: unknown) => {
    throw new Error(
      `AWS did not say whether account ${account} may use Timestream in ${region}: set AWS_PROFILE (the app does not see --profile of cdk), or choose with -c windowStore=dynamodb or timestream`,
      { cause: error },
    );
  });
  const store = isOpen ? 'timestream' : 'dynamodb';
  remember(key, store);
  const because = isOpen
    ? `Timestream for LiveAnalytics answers account ${account} in ${region}`
    : `Timestream for LiveAnalytics is closed to account ${account} in ${region}, or these credentials may not list its databases`;
  return { store, says: `Windows are kept in ${store}: ${because}. Remembered in cdk.context.json as ${key}.` };
};
