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
