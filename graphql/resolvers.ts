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
  | 'lambda:query-network'
  | 'lambda:query-history'
  | 'lambda:serve-alerts'
  | 'lambda:serve-commands'
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

const onlyItem = step('none', 'only-item');
const presentAlerts = step('none', 'present-alerts');
const asked = (lambda: Extract<DataSource, `lambda:${string}`>) => step(lambda, 'ask-lambda');
const served = asked('lambda:serve-alerts');
const askedAsCaller = step('lambda:serve-commands', 'ask-lambda-as-caller');
const askedOfSite = step('lambda:query-network', 'ask-of-site');

/** The station a field names, or the one its parent belongs to. */
const oneStation = [step('stations', 'get-station'), step('none', 'present-stations'), onlyItem];
const oneConnector = [step('connectors', 'get-connector'), presentConnectors, onlyItem];
const stations = [
  step('stations', 'query-stations'),
  step('stations', 'batch-get-stations'),
  step('none', 'present-stations'),
];

const on =
  (type: string) =>
  (field: string, steps: readonly ResolverStep[]): Resolver => ({ type, field, steps });
const query = on('Query');
const mutation = on('Mutation');

export const resolvers: readonly Resolver[] = [
  query('station', oneStation),
  query('stations', stations),
  query('connector', oneConnector),
  query('connectors', [...connectorsOf('query-connectors'), presentConnectors]),
  query('activeSessions', [
    ...connectorsOf('query-active-sessions'),
    presentConnectors,
    step('none', 'sessions-of-connectors'),
  ]),
  ...['sites', 'site', 'statusCounts'].map((field) => query(field, [asked('lambda:query-network')])),
  ...['session', 'sessions', 'timeline', 'series', 'availability', 'revenue', 'uptimeReport'].map((field) =>
    query(field, [asked('lambda:query-history')]),
  ),
  query('alerts', [served, presentAlerts]),
  query('alert', [step('alerts', 'get-alert'), presentAlerts, onlyItem]),
  query('alertFigures', [served]),
  query('siteThresholds', [served]),
  ...['command', 'commands'].map((field) => query(field, [askedAsCaller])),

  on('Station')('connectors', [
    step('connectors', 'query-connectors-of-station'),
    presentConnectors,
    step('none', 'all-items'),
  ]),
  on('Station')('site', [askedOfSite]),
  on('Connector')('station', oneStation),
  on('Session')('station', oneStation),
  on('Session')('connector', oneConnector),
  on('Alert')('station', oneStation),
  on('Alert')('connector', oneConnector),
  on('Site')('stations', stations),
  on('Site')('statusCounts', [askedOfSite]),

  ...['acknowledgeAlert', 'clearAlert'].map((field) =>
    mutation(field, [{ ...served, write: true }, presentAlerts, onlyItem]),
  ),
  mutation('setSiteThresholds', [{ ...served, write: true }]),
  mutation('sendCommand', [{ ...askedAsCaller, write: true }]),
];

/** Variables of the API (`ctx.env`) that its code reads, and the table whose name each holds: BatchGetItem wants it spelled out. */
export const environment = { STATIONS_TABLE: 'stations', CONNECTORS_TABLE: 'connectors' } as const;
