/** What a step talks to: a table, a Lambda, or nothing. */
export type DataSource =
  | 'stations'
  | 'connectors'
  | 'sessions'
  | 'timeline'
  | 'alerts'
  | 'tags'
  | 'settings'
  | 'lambda:query-network'
  | 'lambda:query-history'
  | 'lambda:serve-alerts'
  | 'lambda:serve-commands'
  | 'lambda:serve-sites'
  | 'lambda:serve-demand-response'
  | 'none';

export type ResolverStep = {
  readonly dataSource: DataSource;
  /** The file, relative to this folder. */
  readonly code: string;
  /** It writes: without it the data source may only read. */
  readonly write?: true;
};

/** How a field is answered: its steps run in order as an AppSync pipeline (one step: a unit resolver). */
export type Resolver = { readonly type: string; readonly field: string; readonly steps: readonly ResolverStep[] };

export const step = (dataSource: DataSource, name: string): ResolverStep => ({
  dataSource,
  code: `functions/${name}.js`,
});

/** A Lambda answers the field by itself. */
export const askLambda = (lambda: Extract<DataSource, `lambda:${string}`>): ResolverStep => step(lambda, 'ask-lambda');

export const on =
  (type: string) =>
  (field: string, steps: readonly ResolverStep[]): Resolver => ({ type, field, steps });
export const query = on('Query');
export const mutation = on('Mutation');
