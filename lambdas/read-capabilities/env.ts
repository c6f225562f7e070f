import * as z from 'zod/mini';

export const Env = z.object({
  /** Table commands. */
  COMMANDS_TABLE: z.string().check(z.minLength(1)),
  /** Table stations. */
  STATIONS_TABLE: z.string().check(z.minLength(1)),
  /** Table sites. */
  SITES_TABLE: z.string().check(z.minLength(1)),
  /** https URL of the WebSocket API's stage, for its @connections. */
  SOCKETS_ENDPOINT: z.url(),
  /** Whether every station is asked after it booted, not only those of controlled sites. */
  ASKS_EVERY_STATION: z.enum(['yes', 'no']),
});
export type Env = z.infer<typeof Env>;
