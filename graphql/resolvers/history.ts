import { askLambda, on, query, type Resolver, step } from '../resolver.ts';
import { connectorsOf, oneConnector, oneStation, presentConnectors } from './live-items.ts';

/** Sessions, timeline, windows and reports. */
export const history: readonly Resolver[] = [
  query('activeSessions', [
    ...connectorsOf('query-active-sessions'),
    presentConnectors,
    step('none', 'sessions-of-connectors'),
  ]),
  ...['session', 'sessions', 'timeline', 'series', 'availability', 'revenue', 'uptimeReport'].map((field) =>
    query(field, [askLambda('lambda:query-history')]),
  ),
  on('Session')('tag', [step('none', 'hide-tags')]),
  on('Session')('station', oneStation),
  on('Session')('connector', oneConnector),
];
