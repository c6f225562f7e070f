import * as z from 'zod/mini';

export const Env = z.object({
  /** Table commands. */
  COMMANDS_TABLE: z.string().check(z.minLength(1)),
  /** Table stations. */
  STATIONS_TABLE: z.string().check(z.minLength(1)),
  /** https URL of the WebSocket API's stage, for its @connections. */
  SOCKETS_ENDPOINT: z.url(),
  /** Name of the EventBridge bus. */
  EVENT_BUS: z.string().check(z.minLength(1)),
  /** URL of the queue of wake-ups. */
  WAKE_QUEUE: z.url(),
});
export type Env = z.infer<typeof Env>;
