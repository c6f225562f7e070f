/** One step of a resolver: a file of JavaScript that runs in AppSync, and what it talks to. */
export type ResolverStep = {
  /** A table's name, `lambda:<folder>` or `none`. */
  readonly dataSource: string;
  /** The file, below graphql/. */
  readonly code: string;
  /** It writes: without it the data source may only read. */
  readonly write?: boolean;
};

export type ResolverEntry = { readonly type: string; readonly field: string; readonly steps: readonly ResolverStep[] };
