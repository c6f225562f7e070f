import { z } from 'zod';
import { type Resolver, resolverOf } from './resolver.ts';
import type { InertResource, Resource, ResourceKind } from './resource-kind.ts';
import type { Account, Json, JsonObject, Physical, Template } from './template.ts';

/** A template the local runtime cannot run as it stands: names every resource at fault. */
export class UnsupportedTemplate extends Error {
  override readonly name = 'UnsupportedTemplate';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The local runtime cannot run this template:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** A template with its ids resolved, ready to be run. */
export type Deployment = {
  /** The resources of one kind, their properties resolved and checked. Throws UnsupportedTemplate. */
  readonly all: <Properties>(kind: ResourceKind<Properties>) => readonly Resource<Properties>[];
  /** Whether the template has a resource of that kind. */
  readonly has: (kind: Pick<ResourceKind, 'type'>) => boolean;
  readonly physical: (logicalId: string) => Physical;
  readonly outputs: Resolver['outputs'];
  /** Types that are neither inert nor taken with `all`: a service that forgot one of its kinds. */
  readonly untaken: () => readonly string[];
};

/** Checks that every resource has a kind and resolves ids. Throws UnsupportedTemplate with all unknown types at once. */
export const deploymentOf = (
  template: Template,
  account: Account,
  kinds: readonly (ResourceKind | InertResource)[],
): Deployment => {
  const kindOf = new Map(kinds.map((kind) => [kind.type, kind]));
  const unknown = Object.entries(template.Resources).filter(([, { Type }]) => !kindOf.has(Type));
  if (unknown.length > 0)
    throw new UnsupportedTemplate(
      unknown.map(
        ([logicalId, { Type }]) =>
          `${logicalId}: resource type ${Type} is not supported (local/stack/local-services.ts)`,
      ),
    );

  const known = new Map<string, Physical>();
  const resolving = new Set<string>();
  const physicalOf = (logicalId: string): Physical | undefined => {
    const cached = known.get(logicalId);
    if (cached !== undefined) return cached;
    const resource = template.Resources[logicalId];
    const kind = resource && kindOf.get(resource.Type);
    if (resource === undefined || kind === undefined) return undefined;
    if (resolving.has(logicalId)) throw new UnsupportedTemplate([`${logicalId}: its name depends on itself`]);
    resolving.add(logicalId);
    const property = (name: string): Json | undefined => {
      const value = resource.Properties?.[name];
      return value === undefined ? undefined : resolver.resolve(value);
    };
    const physical = kind.physical(logicalId, property, account);
    resolving.delete(logicalId);
    known.set(logicalId, physical);
    return physical;
  };
  const resolver = resolverOf(template, account, physicalOf);
  const resolvedProperties = (logicalId: string): JsonObject =>
    z.record(z.string(), z.json()).parse(resolver.resolve(template.Resources[logicalId]?.Properties ?? {}));

  const present = Object.entries(template.Resources).filter(
    ([, { Condition }]) => Condition === undefined || resolver.holds(Condition),
  );
  const taken = new Set<string>();

  return {
    all: (kind) => {
      taken.add(kind.type);
      const results = present
        .filter(([, { Type }]) => Type === kind.type)
        .map(([logicalId]) => ({ logicalId, parsed: kind.properties.safeParse(resolvedProperties(logicalId)) }));
      const problems = results.flatMap(({ logicalId, parsed }) =>
        parsed.success
          ? []
          : parsed.error.issues.map(
              ({ path, message }) => `${logicalId} (${kind.type}): ${[...path, message].join(': ')}`,
            ),
      );
      if (problems.length > 0) throw new UnsupportedTemplate(problems);
      return results.flatMap(({ logicalId, parsed }) =>
        parsed.success ? [{ logicalId, properties: parsed.data }] : [],
      );
    },
    has: ({ type }) => present.some(([, resource]) => resource.Type === type),
    physical: (logicalId) => {
      const physical = physicalOf(logicalId);
      if (physical === undefined) throw new Error(`No resource ${logicalId}`);
      return physical;
    },
    outputs: resolver.outputs,
    untaken: () =>
      [...new Set(present.map(([, { Type }]) => Type))].filter((type) => {
        const kind = kindOf.get(type);
        return kind !== undefined && !('inert' in kind) && !taken.has(type);
      }),
  };
};

/** The one entry of a list. Throws UnsupportedTemplate when there is none, or more than one. */
export const only = <Entry>(what: string, entries: readonly Entry[]): Entry => {
  const [entry, ...more] = entries;
  if (entry === undefined || more.length > 0)
    throw new UnsupportedTemplate([`It has ${entries.length} of ${what}, and exactly one can run here`]);
  return entry;
};
