import * as z from 'zod/mini';

export const Env = z.object({
  STATIONS_TABLE: z.string().check(z.minLength(1)),
  CONNECTORS_TABLE: z.string().check(z.minLength(1)),
  SESSIONS_TABLE: z.string().check(z.minLength(1)),
  TIMELINE_TABLE: z.string().check(z.minLength(1)),
  ALERTS_TABLE: z.string().check(z.minLength(1)),
  GRID_TABLE: z.string().check(z.minLength(1)),
  SETTINGS_TABLE: z.string().check(z.minLength(1)),
  SITES_TABLE: z.string().check(z.minLength(1)),
  /** Name of the Kinesis stream of signals. */
  SIGNAL_STREAM: z.string().check(z.minLength(1)),
  PARKED_BUCKET: z.string().check(z.minLength(1)),
  COMMANDS_TABLE: z.string().check(z.minLength(1)),
  /** URL of the queue of wake-ups. */
  WAKE_QUEUE: z.url(),
  /** Name of the Kinesis stream of envelopes. */
  OCPP_STREAM: z.string().check(z.minLength(1)),
  /** timestream:<database>/<table>+<table of DynamoDB> or dynamodb:<table>. */
  WINDOW_STORE: z.string().check(z.minLength(1)),
  /** Name of the stage: metrics of several in one account are told apart by it. */
  STAGE: z.string().check(z.minLength(1)),
  /** Whether the sweep tells custom metrics. */
  METRICS: z.enum(['yes', 'no']),
  /** Parts into which the fleet is divided. */
  SEGMENTS: z.coerce.number().check(z.int(), z.gte(1), z.lte(256)),
  /** Name of the function that sweeps one of them; absent: they are swept side by side in this one. */
  SEGMENT_FUNCTION: z.optional(z.string().check(z.minLength(1))),
});
export type Env = z.input<typeof Env>;
