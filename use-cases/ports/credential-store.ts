import type { StationRegistry } from './station-registry.ts';

/** What a client presents when it opens a WebSocket. Header names do not matter by case. */
export type Presented = {
  /** The identity from the URL, which the front door decoded and put into a header. */
  readonly stationId: string | undefined;
  readonly authorization: string | undefined;
  /** The Sec-WebSocket-Protocol header: a comma-separated list. */
  readonly subProtocols: string | undefined;
};

/** What the authorizer found out about who wants to connect. `$connect` turns away all but 'known'. */
export const credentialVerdicts = ['known', 'wrongCredentials', 'unknownStation'] as const;
export type CredentialVerdict = (typeof credentialVerdicts)[number];

/** Who asks, and what $connect and every later message of the socket carry along. */
export type Identified = {
  readonly stationId: string;
  readonly context: Readonly<Record<string, string>> & { readonly verdict: CredentialVerdict };
};

/**
 * The credentials of stations: `scrypt$N$salt$hash` of each one's password, never the password. Apart from the registry,
 * whose items go through change streams and so into whatever is parked of them.
 */
export type CredentialStore = {
  /** What was put last (a consistent read); undefined for a station without one. */
  readonly find: (stationId: string) => Promise<string | undefined>;
  readonly put: (stationId: string, credential: string) => Promise<void>;
  readonly remove: (stationId: string) => Promise<void>;
};

/** What it takes to tell whether a station is the one it says it is. */
export type AuthorizePorts = {
  readonly registry: Pick<StationRegistry, 'find'>;
  readonly credentials: Pick<CredentialStore, 'find'>;
  /** Whether a password is the one of a credential. */
  readonly matches: (password: string, credential: string) => Promise<boolean>;
};
