import * as z from 'zod/mini';

export const Env = z.object({
  /** Table grid. */
  GRID_TABLE: z.string().check(z.minLength(1)),
  /** Table stations. */
  STATIONS_TABLE: z.string().check(z.minLength(1)),
  /** Table connectors. */
  CONNECTORS_TABLE: z.string().check(z.minLength(1)),
  /** Table commands. */
  COMMANDS_TABLE: z.string().check(z.minLength(1)),
  /** https URL of the WebSocket API's stage, for its @connections. */
  SOCKETS_ENDPOINT: z.url(),
  /** Table sites. */
  SITES_TABLE: z.string().check(z.minLength(1)),
  /** Name of the Kinesis stream of signals. */
  SIGNAL_STREAM: z.string().check(z.minLength(1)),
  /** timestream:<database>/<table>+<table of DynamoDB> or dynamodb:<table>. */
  WINDOW_STORE: z.string().check(z.minLength(1)),
  /** How often chargers send meter values, s. */
  METER_INTERVAL_SEC: z.coerce.number().check(z.int(), z.gte(1), z.lte(900)),
});
export type Env = z.infer<typeof Env>;
