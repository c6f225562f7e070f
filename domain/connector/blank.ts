import type { ConnectorKey } from '../kernel/connector-key.ts';
import type { Place } from '../registry/place.ts';
import type { Connector } from './connector.ts';

/** A connector of which nothing is known yet but where it stands. */
export const blankConnector = (key: ConnectorKey, place: Place, at: number): Connector => ({
  ...key,
  place,
  status: 'unknown',
  statusAt: at,
  recent: [],
  lastSeenAt: 0,
  guard: '',
  rev: 0,
  outbox: [],
});
