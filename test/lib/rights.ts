import type { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';
import { plainId, text } from './template-text.ts';

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
