import type { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';

/** A logical id without the hash at its end. */
export const plainId = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '');

/** A value of the template as short text: references in angle brackets, hashes and account left out. */
export const text = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const {
    Ref,
    'Fn::GetAtt': attribute,
    'Fn::Join': join,
    'Fn::Select': selected,
  } = z
    .object({
      Ref: z.string().optional(),
      'Fn::GetAtt': z.tuple([z.string(), z.string()]).optional(),
      'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]).optional(),
      'Fn::Select': z.tuple([z.number(), z.object({ 'Fn::Split': z.tuple([z.string(), z.unknown()]) })]).optional(),
    })
    .parse(value);
  if (Ref !== undefined) return Ref.startsWith('AWS::') ? '' : `<${plainId(Ref)}>`;
  if (attribute !== undefined) return `<${plainId(attribute[0])}.${attribute[1]}>`;
  if (join !== undefined) return join[1].map(text).join(join[0]);
  if (selected !== undefined) {
    const [at, { 'Fn::Split': split }] = selected;
    return `${text(split[1])} split by ${split[0]}, part ${at}`;
  }
  throw new Error(`Not a reference: ${JSON.stringify(value)}`);
};

export type Properties = Readonly<Record<string, unknown>>;

/** Properties of all resources of a type, by logical id without its hash. */
export const propertiesOf = (template: Template, type: string): Record<string, Properties> =>
  Object.fromEntries(
    Object.entries(template.findResources(type)).map(([id, { Properties }]) => [plainId(id), Properties ?? {}]),
  );
