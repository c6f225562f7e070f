import type { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';

const List = z.unknown().transform((value): unknown[] => (Array.isArray(value) ? value : [value]));
const Statement = z.object({ Effect: z.literal('Allow'), Action: List, Resource: List });
const Document = z.object({ Statement: z.array(Statement) });
const Policy = z.object({
  Properties: z.object({ PolicyDocument: Document, Roles: z.array(z.object({ Ref: z.string() })) }),
});
const Role = z.object({
  Properties: z.object({
    Policies: z.array(z.object({ PolicyDocument: Document })).default([]),
    ManagedPolicyArns: z.array(z.unknown()).default([]),
  }),
});

/** A logical id without the hash at its end. */
export const plainId = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '');

/** A value of the template as short text: references in angle brackets, hashes and account left out. */
export const text = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const {
    Ref,
    'Fn::GetAtt': attribute,
    'Fn::Join': join,
  } = z
    .object({
      Ref: z.string().optional(),
      'Fn::GetAtt': z.tuple([z.string(), z.string()]).optional(),
      'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]).optional(),
    })
    .parse(value);
  if (Ref !== undefined) return Ref.startsWith('AWS::') ? '' : `<${plainId(Ref)}>`;
  if (attribute !== undefined) return `<${plainId(attribute[0])}.${attribute[1]}>`;
  if (join !== undefined) return join[1].map(text).join(join[0]);
  throw new Error(`Not a reference: ${JSON.stringify(value)}`);
};

const lines = (document: z.infer<typeof Document>): string[] =>
  document.Statement.flatMap(({ Action, Resource }) =>
    Action.flatMap((action) => Resource.map((resource) => `${action} ${text(resource)}`)),
  );

/** What each role may do: "action resource", sorted, by the role's id. Managed policies appear as "managed <name>". */
export const rights = (template: Template): Record<string, string[]> => {
  const found = new Map<string, string[]>();
  for (const [id, resource] of Object.entries(template.findResources('AWS::IAM::Role'))) {
    const { Policies, ManagedPolicyArns } = Role.parse(resource).Properties;
    found.set(plainId(id), [
      ...Policies.flatMap((policy) => lines(policy.PolicyDocument)),
      ...ManagedPolicyArns.map((arn) => `managed ${text(arn)}`),
    ]);
  }
  for (const resource of Object.values(template.findResources('AWS::IAM::Policy'))) {
    const { PolicyDocument, Roles } = Policy.parse(resource).Properties;
    for (const { Ref } of Roles) found.get(plainId(Ref))?.push(...lines(PolicyDocument));
  }
  return Object.fromEntries([...found].map(([role, some]) => [role, some.sort()]));
};
