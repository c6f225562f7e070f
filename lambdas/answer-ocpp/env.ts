import * as z from 'zod/mini';

export const Env = z.object({
  /** Table stations. */
  STATIONS_TABLE: z.string().check(z.minLength(1)),
  /** Table connectors. */
  CONNECTORS_TABLE: z.string().check(z.minLength(1)),
  /** Table tags. */
  TAGS_TABLE: z.string().check(z.minLength(1)),
  /** Table commands. */
  COMMANDS_TABLE: z.string().check(z.minLength(1)),
  /** https URL of the WebSocket API's stage, for its @connections. */
  SOCKETS_ENDPOINT: z.url(),
  /** Name of the Kinesis stream of envelopes. */
  OCPP_STREAM: z.string().check(z.minLength(1)),
  /** What a tag that is not on the list gets: 'refuse' (Invalid) or 'accept'. */
  UNKNOWN_TAGS: z._default(z.enum(['refuse', 'accept']), 'refuse'),
  /** Seconds between heartbeats, told in BootNotification: below API Gateway's ten idle minutes. */
  HEARTBEAT_INTERVAL_SEC: z._default(z.coerce.number().check(z.int(), z.gte(10), z.lte(86_400)), 540),
});
/** The variables as they are set: all text, those with a default optional. */
export type Env = { readonly [name in keyof z.input<typeof Env>]: string };
