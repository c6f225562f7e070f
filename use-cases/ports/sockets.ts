/** The open WebSocket connections of the gateway. */
export type Sockets = {
  /** Closes a connection; one that is closed already is fine. */
  readonly close: (connectionId: string) => Promise<void>;
};
