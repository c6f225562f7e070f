/**
 * Which code answers which field. Steps run in order as an AppSync pipeline (one step: a unit resolver); each is a file of
 * APPSYNC_JS below this folder. lib/ deploys this list, and local/ runs it.
 */
export type DataSource =
  | 'stations'
  | 'connectors'
  | 'sessions'
  | 'timeline'
  | 'alerts'
  | 'tags'
  | 'settings'
  | 'lambda:query-history'
  | 'lambda:serve-alerts'
  | 'none';

export type ResolverStep = {
  readonly dataSource: DataSource;
  /** The file, relative to this folder. */
  readonly code: string;
  /** It writes: without it the data source may only read. */
  readonly write?: true;
};

export type Resolver = { readonly type: string; readonly field: string; readonly steps: readonly ResolverStep[] };

const step = (dataSource: DataSource, name: string): ResolverStep => ({ dataSource, code: `functions/${name}.js` });

const presentConnectors = step('none', 'present-connectors');
/** Indexes hold keys only: the page of keys first, then the items. */
const connectorsOf = (query: string): ResolverStep[] => [
  step('connectors', query),
  step('connectors', 'batch-get-connectors'),
];

const presentAlerts = step('none', 'present-alerts');
const served = step('lambda:serve-alerts', 'invoke-serve-alerts');

export const resolvers: readonly Resolver[] = [
  {
    type: 'Query',
    field: 'station',
    steps: [step('stations', 'get-station'), step('none', 'present-stations'), step('none', 'only-item')],
  },
  {
    type: 'Query',
    field: 'stations',
    steps: [
      step('stations', 'query-stations'),
      step('stations', 'batch-get-stations'),
      step('none', 'present-stations'),
    ],
  },
  {
    type: 'Station',
    field: 'connectors',
    steps: [step('connectors', 'query-connectors-of-station'), presentConnectors, step('none', 'all-items')],
  },
  {
    type: 'Query',
    field: 'connector',
    steps: [step('connectors', 'get-connector'), presentConnectors, step('none', 'only-item')],
  },
  { type: 'Query', field: 'connectors', steps: [...connectorsOf('query-connectors'), presentConnectors] },
  {
    type: 'Query',
    field: 'activeSessions',
    steps: [...connectorsOf('query-active-sessions'), presentConnectors, step('none', 'sessions-of-connectors')],
  },
  ...['session', 'sessions', 'timeline', 'series', 'availability', 'revenue', 'uptimeReport'].map((field) => ({
    type: 'Query',
    field,
    steps: [step('lambda:query-history', 'ask-query-history')],
  })),
  { type: 'Query', field: 'alerts', steps: [step('alerts', 'query-alerts'), presentAlerts] },
  {
    type: 'Query',
    field: 'alert',
    steps: [step('alerts', 'get-alert'), presentAlerts, step('none', 'only-item')],
  },
  { type: 'Query', field: 'alertFigures', steps: [served] },
  { type: 'Query', field: 'siteThresholds', steps: [served] },
  ...['acknowledgeAlert', 'clearAlert'].map((field) => ({
    type: 'Mutation',
    field,
    steps: [{ ...served, write: true as const }, presentAlerts, step('none', 'only-item')],
  })),
  { type: 'Mutation', field: 'setSiteThresholds', steps: [{ ...served, write: true }] },
];

/** Variables of the API (`ctx.env`) that its code reads, and the table whose name each holds: BatchGetItem wants it spelled out. */
export const environment = { STATIONS_TABLE: 'stations', CONNECTORS_TABLE: 'connectors' } as const;
