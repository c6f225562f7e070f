import { askLambda, on, query, type Resolver, step } from '../resolver.ts';
import { connectorsOf, oneConnector, oneStation, presentConnectors } from './live-items.ts';

const askedOfSite = step('lambda:query-network', 'ask-of-site');
const stations = [
  step('stations', 'query-stations'),
  step('stations', 'batch-get-stations'),
  step('none', 'present-stations'),
];

/** A status has four parts in its index: a page that one does not fill goes on in the next. */
const otherParts = ['query-more-of-status', 'query-more-of-status', 'query-more-of-status'];

export const network: readonly Resolver[] = [
  query('station', oneStation),
  query('stations', stations),
  query('connector', oneConnector),
  query('connectors', [...connectorsOf('query-connectors', ...otherParts), presentConnectors]),
  ...['sites', 'site', 'statusCounts'].map((field) => query(field, [askLambda('lambda:query-network')])),
  on('Station')('connectors', [
    step('connectors', 'query-connectors-of-station'),
    presentConnectors,
    step('none', 'all-items'),
  ]),
  on('Station')('site', [askedOfSite]),
  on('Connector')('station', oneStation),
  on('Site')('stations', stations),
  on('Site')('statusCounts', [askedOfSite]),
];
