import type { OpenAdrEvent } from '../../../domain/demand-response/openadr/openadr-event.ts';
import type { OpenAdrServer } from '../../../domain/demand-response/openadr/openadr-server.ts';
import type { TierSpan } from '../../../domain/demand-response/openadr/site-tier-spans.ts';

/** An event as it was last fetched, with what became of it here. */
export type KnownEvent = {
  readonly serverId: string;
  readonly event: OpenAdrEvent;
  /** The program as it is configured. */
  readonly program: string;
  /** When this version was first fetched: the "now" of its intervals, ms. */
  readonly seenAt: number;
  /** Signals of this version that were submitted or refused: they are not submitted again. */
  readonly settled: readonly string[];
  /** Those of them that may still run, with those of earlier versions. */
  readonly submitted: readonly string[];
  /** Reasons that were told already. */
  readonly refusals: readonly string[];
  readonly report?: { readonly reportId: string; readonly toldAt: number };
};

/** How the last look at a server went. */
export type ServerState = {
  readonly serverId: string;
  /** The last time it answered, ms. */
  readonly answeredAt?: number;
  /** Programs that it did not name, or whose events it did not answer with, at the last look, by name: when it last did, ms. */
  readonly unheard?: Readonly<Record<string, number>>;
  /** Why it did not at the last look. */
  readonly problem?: string;
  /** Programs it was asked to notify us of, at this address. */
  readonly subscribed?: { readonly callbackUrl: string; readonly programIds: readonly string[] };
  /** Digests of what it sent that cannot be read, so that each is told once. */
  readonly unreadable?: readonly string[];
};

/** What a site was told last because of OpenADR. */
export type ToldSite = {
  readonly siteId: string;
  readonly limitW?: number;
  readonly tiers: readonly TierSpan[];
};

/** Servers, their events and what followed from them (table grid). Small: a server has some hundred events. */
export type OpenAdrStore = {
  readonly servers: () => Promise<readonly OpenAdrServer[]>;
  readonly putServer: (server: OpenAdrServer) => Promise<void>;
  readonly removeServer: (serverId: string) => Promise<void>;
  readonly state: (serverId: string) => Promise<ServerState | undefined>;
  readonly putState: (state: ServerState) => Promise<void>;
  readonly events: (serverId: string) => Promise<readonly KnownEvent[]>;
  readonly putEvent: (known: KnownEvent) => Promise<void>;
  readonly removeEvent: (known: KnownEvent) => Promise<void>;
  readonly sites: () => Promise<readonly ToldSite[]>;
  readonly putSite: (told: ToldSite) => Promise<void>;
};
