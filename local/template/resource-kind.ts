import { z } from 'zod';
import type { Account, Json, Physical } from './template.ts';

/** One resolved property of a resource: one at a time, because another might refer back to the id in question. */
export type PropertyOf = (name: string) => Json | undefined;

/** How one resource type of the template is run: its properties, and the ids it answers Ref and Fn::GetAtt with. */
export type ResourceKind<Properties = unknown> = {
  readonly type: string;
  /** Strict: a property the emulator does not know is an error that names it. */
  readonly properties: z.ZodType<Properties>;
  readonly physical: (logicalId: string, property: PropertyOf, account: Account) => Physical;
};

/** A resource type that has no effect on one machine, and why. */
export type InertResource = {
  readonly type: string;
  readonly inert: string;
  readonly physical: ResourceKind['physical'];
};

/** One resource of the template, resolved and checked. */
export type Resource<Properties> = { readonly logicalId: string; readonly properties: Properties };

/** A property that is accepted and has no local effect (encryption at rest, tags, alarms' texts...). */
export const ignored = z.unknown().optional();

/** A name from the template's own property, or one made of the stack and the logical id, as CloudFormation would. */
export const nameOf = (logicalId: string, name: string, property: PropertyOf, account: Account): string => {
  const named = property(name);
  return typeof named === 'string' ? named : `${account.stackName}-${logicalId}`;
};

/** The ARN of a resource in the local account. */
export const arnOf = (service: string, resource: string, account: Account): string =>
  `arn:aws:${service}:${account.region}:${account.accountId}:${resource}`;

/** For types of which only the reference matters: Ref is the name, Arn is made up from it. */
export const named =
  (service: string, nameProperty: string, prefix = ''): ResourceKind['physical'] =>
  (logicalId, property, account) => {
    const name = nameOf(logicalId, nameProperty, property, account);
    return { ref: name, attributes: { Arn: arnOf(service, `${prefix}${name}`, account), Id: name, Name: name } };
  };
