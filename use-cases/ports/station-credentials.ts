/** What a client presents when it opens a WebSocket. Header names do not matter by case. */
export type Presented = {
  /** The identity from the URL, which the front door decoded and put into a header. */
  readonly stationId: string | undefined;
  readonly authorization: string | undefined;
  /** The Sec-WebSocket-Protocol header: a comma-separated list. */
  readonly subProtocols: string | undefined;
};

/** Who is let through to $connect, and what every later message of the socket carries along. */
export type Granted = { readonly stationId: string; readonly context: Readonly<Record<string, string>> };
