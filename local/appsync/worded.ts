import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { ResolverError } from './appsync-module.ts';

/** Where in the answer a field stands. */
export const pathOf = (info: GraphQLResolveInfo): (string | number)[] => {
  const keys: (string | number)[] = [];
  for (let at: GraphQLResolveInfo['path'] | undefined = info.path; at !== undefined; at = at.prev) keys.unshift(at.key);
  return keys;
};

/** How many levels below the operation a field stands; items of lists are no level. */
export const depthOf = (info: GraphQLResolveInfo): number =>
  pathOf(info).filter((key) => typeof key === 'string').length;

/** An error as AppSync words it. `errorType` is that of errors that name none. */
export const worded = (error: unknown, errorType: string | null): object => {
  if (!(error instanceof GraphQLError))
    return { path: null, data: null, errorType, errorInfo: null, locations: null, message: String(error) };
  const thrown = error.originalError;
  const own = thrown instanceof ResolverError ? thrown : undefined;
  return {
    path: error.path ?? null,
    data: own?.data ?? null,
    errorType: own?.errorType ?? (thrown === undefined || thrown === null ? errorType : (errorType ?? 'Code')),
    errorInfo: own?.errorInfo ?? null,
    locations: error.locations?.map(({ line, column }) => ({ line, column, sourceName: null })) ?? null,
    message: error.message,
  };
};
