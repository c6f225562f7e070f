/** Everything the bus carries from here, with its schema and example in `events/`. */
export const eventTypes = [
  'ConnectorStatusChanged',
  'StationConnected',
  'StationDisconnected',
  'StationBooted',
  'SessionStarted',
  'SessionUpdated',
  'SessionEnded',
  'SessionOrphaned',
  'SessionAmended',
  'AlertRaised',
  'AlertEscalated',
  'AlertAcknowledged',
  'AlertCleared',
] as const;
export type EventType = (typeof eventTypes)[number];

/** Version of every detail. Raised when a property is removed, renamed or changes its meaning; new optional ones leave it. */
export const DETAIL_VERSION = 1;

/** An event for the bus. `detail` is JSON as subscribers get it: ISO instants in UTC, units in names. */
export type PublishedEvent = {
  readonly type: EventType;
  /** Event time, ms. */
  readonly at: number;
  readonly detail: { readonly version: number; readonly id: string; readonly time: string } & Readonly<
    Record<string, unknown>
  >;
};

/** The id of the event a change makes: change ids are unique within their station. */
export const eventIdOf = (stationId: string, { id }: { readonly id: string }): string => `${stationId}/${id}`;

export const iso = (atMs: number): string => new Date(atMs).toISOString();
