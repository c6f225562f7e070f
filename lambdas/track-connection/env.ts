import * as z from 'zod/mini';

export const Env = z.object({
  /** Table stations. */
  STATIONS_TABLE: z.string().check(z.minLength(1)),
  /** Table commands. */
  COMMANDS_TABLE: z.string().check(z.minLength(1)),
  /** Name of the Kinesis stream of envelopes. */
  OCPP_STREAM: z.string().check(z.minLength(1)),
  /** https URL of the WebSocket API's stage, for its @connections. */
  SOCKETS_ENDPOINT: z.url(),
});
export type Env = z.infer<typeof Env>;
