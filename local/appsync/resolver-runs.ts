import type { LocalSystem } from '../local-system.ts';
import type { ResolverError } from './appsync-module.ts';
import { DataSourceError } from './data-source-error.ts';
import type { ResolverProperties } from './graphql-api.ts';
import type { GraphqlDefinition } from './graphql-definition.ts';
import { type ResolverCode, type ResolverContext, resolverCode } from './resolver-code.ts';

type RunStep = (context: ResolverContext) => Promise<unknown>;
type Append = (error: ResolverError) => void;

/**
 * The API's resolvers by "Type.field", ready to run, and a way to say where the errors go that the code appends (without
 * throwing them) while it runs for a context.
 */
export const resolverRuns = (
  definition: Pick<GraphqlDefinition, 'functions' | 'resolvers'>,
  onSource: (name: string, request: unknown) => Promise<unknown>,
  system: LocalSystem,
) => {
  // Many fields are under way at once, but resolver code is synchronous: what it appends belongs to the context it runs for.
  // The stash is the one object that all steps of a resolver share, and no other resolver.
  const appends = new WeakMap<object, Append>();
  let appendTo: Append | undefined;
  const load = (name: string, source: string): ResolverCode => {
    const code = resolverCode(name, source, (error) => appendTo?.(error), system);
    const owned =
      <Result>(run: (context: ResolverContext) => Result) =>
      (context: ResolverContext): Result => {
        appendTo = appends.get(context.stash);
        return run(context);
      };
    return { request: owned(code.request), response: owned(code.response) };
  };

  /** One function (or unit resolver): request, data source, response. */
  const step =
    (code: ResolverCode, dataSource: string): RunStep =>
    async (context) => {
      const asked = code.request(context);
      if (asked.early) return asked.value;
      const answered = await onSource(dataSource, asked.value).then(
        (result) => ({ result }),
        (error: unknown) => {
          if (error instanceof DataSourceError)
            return { result: null, error: { message: error.message, type: error.errorType } };
          throw error;
        },
      );
      return code.response({ ...context, ...answered }).value;
    };

  const compiled = new Map(
    [...definition.functions].map(([id, properties]) => [
      id,
      step(load(properties.Name, properties.Code), properties.DataSourceName),
    ]),
  );

  const resolver = (properties: ResolverProperties): RunStep => {
    const name = `${properties.TypeName}.${properties.FieldName}`;
    const code = load(name, properties.Code);
    if (properties.Kind === 'UNIT') return step(code, properties.DataSourceName ?? '');
    const steps = (properties.PipelineConfig?.Functions ?? []).map((id) => {
      const found = compiled.get(id);
      if (found === undefined) throw new Error(`${name}: no function ${id}`);
      return found;
    });
    return async (context) => {
      const before = code.request(context);
      if (before.early) return before.value;
      let result = before.value;
      for (const run of steps) result = await run({ ...context, prev: { result } });
      return code.response({ ...context, prev: { result }, result }).value;
    };
  };
  const resolvers = new Map(
    definition.resolvers.map((properties) => [`${properties.TypeName}.${properties.FieldName}`, resolver(properties)]),
  );
  return {
    resolvers,
    appending: ({ stash }: Pick<ResolverContext, 'stash'>, append: Append): void => {
      appends.set(stash, append);
    },
  };
};
