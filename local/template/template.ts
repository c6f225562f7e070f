/**
 * Reads a synthesized CloudFormation template and resolves its intrinsic functions against the physical ids
 * the local runtime gives to the resources. Pure: the ids come from the caller.
 */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export type TemplateResource = {
  readonly Type: string;
  readonly Properties?: JsonObject;
  readonly Condition?: string;
  readonly Metadata?: JsonObject;
};
export type Template = {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: Json }>>;
  readonly Conditions?: Readonly<Record<string, Json>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: Json; readonly Export?: { readonly Name: Json } }>>;
};

/** What Ref and Fn::GetAtt of one resource give. */
export type Physical = { readonly ref: string; readonly attributes: Readonly<Record<string, string>> };

export type Account = { readonly region: string; readonly accountId: string; readonly stackName: string };

/**
 * One template from the stacks of an assembly, so that references across stacks need no second mechanism.
 * Throws UnresolvableTemplate when two stacks use one logical id.
 */
export const mergeTemplates = (templates: readonly Template[]): Template => {
  const resources: Record<string, TemplateResource> = {};
  for (const [logicalId, resource] of templates.flatMap((template) => Object.entries(template.Resources))) {
    if (resource.Type === 'AWS::CDK::Metadata') continue;
    if (logicalId in resources) throw new UnresolvableTemplate(`Two stacks use the logical id ${logicalId}`);
    resources[logicalId] = resource;
  }
  const union = <Value>(part: (template: Template) => Readonly<Record<string, Value>> | undefined) =>
    Object.assign({}, ...templates.map((template) => part(template) ?? {})) as Record<string, Value>;
  return {
    Resources: resources,
    Parameters: union((template) => template.Parameters),
    Conditions: union((template) => template.Conditions),
    Mappings: union((template) => template.Mappings),
    Outputs: union((template) => template.Outputs),
  };
};

/** A template that cannot be resolved: names the expression at fault. */
export class UnresolvableTemplate extends Error {
  override readonly name = 'UnresolvableTemplate';
}
