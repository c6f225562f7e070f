import type { Alert } from '../../domain/alerts/alert.ts';
import type { Connector } from '../../domain/connector/connector.ts';
import type { StationItem } from './fleet-scan.ts';

/** One change record of a table we follow. */
export type ItemChange =
  | { readonly kind: 'connector'; readonly before?: Connector; readonly after: Connector }
  | { readonly kind: 'station'; readonly before?: StationItem; readonly after: StationItem }
  | { readonly kind: 'alert'; readonly after: Alert };
