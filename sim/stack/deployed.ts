import { join } from 'node:path';
import { lambdaFunction } from '../../local/lambda/lambda-function.ts';
import { resourceTypes } from '../../local/stack/resource-types.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { type Deployment, deploymentOf } from '../../local/template/deployment.ts';
import type { Resource, ResourceKind } from '../../local/template/resource-kind.ts';
import { synthesize } from '../../local/template/synthesize.ts';
import type { Account } from '../../local/template/template.ts';
import { type RoleRights, roleRights } from './role-rights.ts';

/** A function of the template: which wiring it is, and how it is run. */
export type DeployedFunction = {
  readonly name: string;
  readonly arn: string;
  /** Folder of `lambdas/`, and the export of its handler. */
  readonly entry: string;
  readonly exported: string;
  readonly timeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Name of its role. */
  readonly role: string;
};

/** What would be deployed: read once, run by as many simulations as are wanted. */
export type Deployed = {
  readonly account: Account;
  readonly deployment: Deployment;
  readonly functions: readonly DeployedFunction[];
  readonly rights: RoleRights;
};

/** Descriptions of the stack say `entry.exported` of each function. */
const BY_DESCRIPTION = /^([a-z-]+)\.(\w+)$/;

const folder = join(import.meta.dirname, '../../.wattstream/simulation');

/** Resources are resolved and checked once per kind: simulations are started by the thousand. */
const remembering = (deployment: Deployment): Deployment => {
  const known = new Map<unknown, readonly Resource<unknown>[]>();
  return {
    ...deployment,
    all: <Properties>(kind: ResourceKind<Properties>) => {
      const found = known.get(kind) ?? deployment.all(kind);
      known.set(kind, found);
      return found as readonly Resource<Properties>[];
    },
  };
};

/** The stack as it would be deployed now with windows in DynamoDB. Synthesizes it when a source has changed. */
export const readDeployed = async (): Promise<Deployed> => {
  const { stackName, template } = readAssembly(await synthesize(folder, { windowStore: 'dynamodb' }));
  const account: Account = { region: 'eu-west-1', accountId: '000000000000', stackName };
  const deployment = remembering(deploymentOf(template, account, resourceTypes));
  const functions = deployment.all(lambdaFunction).map(({ logicalId, properties }): DeployedFunction => {
    const description = String(template.Resources[logicalId]?.Properties?.Description ?? '');
    const [, entry, exported] = BY_DESCRIPTION.exec(description) ?? [];
    if (entry === undefined || exported === undefined)
      throw new Error(`${logicalId}: its description does not say which function it is: ${description}`);
    const { ref, attributes } = deployment.physical(logicalId);
    const variables = Object.entries(properties.Environment?.Variables ?? {});
    return {
      name: ref,
      arn: attributes.Arn ?? '',
      entry,
      exported,
      timeoutMs: properties.Timeout * 1_000,
      environment: Object.fromEntries(variables.map(([name, value]) => [name, String(value)])),
      role: String(properties.Role).replace(/^.*:role\//, ''),
    };
  });
  return { account, deployment, functions, rights: roleRights(deployment, account) };
};
