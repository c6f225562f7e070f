import * as z from 'zod/mini';

/** What allocate-site is configured with. */
export const Env = z.object({
  SITES_TABLE: z.string().check(z.minLength(1)),
  STATIONS_TABLE: z.string().check(z.minLength(1)),
  CONNECTORS_TABLE: z.string().check(z.minLength(1)),
  COMMANDS_TABLE: z.string().check(z.minLength(1)),
  TIMELINE_TABLE: z.string().check(z.minLength(1)),
  /** https URL of the WebSocket API's stage, for its @connections. */
  SOCKETS_ENDPOINT: z.url(),
  PARKED_BUCKET: z.string().check(z.minLength(1)),
  /** Name of the stage: metrics of several in one account are told apart by it. */
  STAGE: z.string().check(z.minLength(1)),
  /** One number per stream ever used: raised when the stream is replaced, so that its records are newer than all before. */
  STREAM_EPOCH: z.string().check(z.regex(/^[0-9]{1,2}$/)),
});
export type Env = z.input<typeof Env>;
