import type { CommandOutcome, SiteConnector } from '../../../domain/site/site-event.ts';

/**
 * What stands in a record of the Kinesis stream "signals", besides signals themselves: what happened at a site. Partition key
 * is the siteId, so that one reader sees all of a site in one order. On a small stage the stream is the one of OCPP frames.
 */
type OfSite = { readonly siteId: string /** ms since the epoch. */; readonly receivedAt: number };

/** A station that stands at another site now, and its EVSEs. */
export type LeftStation = { readonly stationId: string; readonly evseIds: readonly number[] };

export type SiteRecord = OfSite &
  (
    | {
        /** A signal as it was received; the first level of its MQTT topic. */
        readonly kind: 'signals';
        /** Name of the signal, or of its topic. */
        readonly name: string;
        /** What was sent, byte for byte, in base64. */
        readonly payload: string;
        /** Who sent it: the MQTT client, or the identity another door vouches for. */
        readonly clientId: string;
        /** Whose limits it brings, where that does not follow from the sender. */
        readonly source?: string;
      }
    /** A connector of a controlled site as it is now (publish-changes). */
    | { readonly kind: 'site-connector'; readonly connector: SiteConnector }
    /** How a setpoint command ended (relay-commands). */
    | { readonly kind: 'site-setpoint'; readonly outcome: CommandOutcome }
    /**
     * The site's configuration was changed, or what stands there; a station that booted may have forgotten its profiles, one that
     * left for a site which is not controlled is to have none of ours.
     */
    | { readonly kind: 'site-configured'; readonly bootedId?: string; readonly left?: LeftStation }
    /** A minute has passed (sweep-fleet). */
    | { readonly kind: 'site-tick' }
  );

/** The stream of signals. Rejects when a record is not there. */
export type SiteStream = { readonly put: (records: readonly SiteRecord[]) => Promise<void> };

const kinds: readonly SiteRecord['kind'][] = [
  'signals',
  'site-connector',
  'site-setpoint',
  'site-configured',
  'site-tick',
];

/** Whether a record of a stream is about a site. On a small stage OCPP frames and sites share one. */
export const isSiteRecord = (record: unknown): record is SiteRecord =>
  typeof record === 'object' && record !== null && 'kind' in record && kinds.some((kind) => kind === record.kind);
