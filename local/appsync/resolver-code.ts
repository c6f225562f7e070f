import { createContext, Script } from 'node:vm';
import { transformSync } from 'esbuild';
import type { LocalSystem } from '../local-system.ts';
import { appsyncModule, EarlyReturn, type ResolverError } from './appsync-module.ts';

/** The context object of a resolver, as its code sees it. */
export type ResolverContext = {
  readonly args: object;
  readonly arguments: object;
  readonly source: unknown;
  readonly identity: object | null;
  readonly request: { readonly headers: object; readonly domainName: null };
  readonly info: object;
  readonly env: object;
  readonly stash: object;
  prev: { readonly result: unknown };
  result?: unknown;
  error?: { readonly message: string; readonly type: string };
};

export type Step = { readonly value: unknown; readonly early: boolean };
export type ResolverCode = {
  readonly request: (context: ResolverContext) => Step;
  readonly response: (context: ResolverContext) => Step;
};

/** Loads one file of APPSYNC_JS and gives its two handlers. Errors appended while it runs go to `append`. */
export const resolverCode = (
  name: string,
  source: string,
  append: (error: ResolverError) => void,
  system: LocalSystem,
): ResolverCode => {
  // A script instead of a module: Node runs modules in a context only behind a flag.
  const { code } = transformSync(source, { format: 'cjs', loader: 'js', target: 'es2022' });
  const stand = appsyncModule(append, system);
  const module: { exports: Record<string, unknown> } = { exports: {} };
  const load = (wanted: string): object => {
    if (wanted === '@aws-appsync/utils') return stand;
    throw new Error(`${name}: import of '${wanted}' is not emulated by the local runtime`);
  };
  new Script(`(function (module, exports, require) {${code}\n})`, { filename: name }).runInContext(
    createContext({ console: { log: () => undefined, error: () => undefined } }),
  )(module, module.exports, load);
  const handler =
    (which: 'request' | 'response') =>
    (context: ResolverContext): Step => {
      const call = module.exports[which];
      if (typeof call !== 'function') throw new Error(`${name} exports no ${which}`);
      try {
        return { value: asJson(call(context)), early: false };
      } catch (error) {
        if (error instanceof EarlyReturn) return { value: asJson(error.value), early: true };
        throw error;
      }
    };
  return { request: handler('request'), response: handler('response') };
};

/** What crosses AppSync's borders is JSON. */
const asJson = (value: unknown): unknown => (value === undefined ? null : JSON.parse(JSON.stringify(value)));
