import { type ResolverStep, step } from '../resolver.ts';

export const onlyItem = step('none', 'only-item');
export const presentConnectors = step('none', 'present-connectors');

/** Indexes hold keys only: the page of keys first, in one query or several, then the items. */
export const connectorsOf = (...queries: readonly string[]): ResolverStep[] => [
  ...queries.map((query) => step('connectors', query)),
  step('connectors', 'batch-get-connectors'),
];

/** The station a field names, or the one its parent belongs to. */
export const oneStation = [step('stations', 'get-station'), step('none', 'present-stations'), onlyItem];
/** The connector a field names, or the one its parent belongs to. */
export const oneConnector = [step('connectors', 'get-connector'), presentConnectors, onlyItem];
