import * as z from 'zod/mini';

/** What project-state is configured with. */
export const Env = z.object({
  CONNECTORS_TABLE: z.string().check(z.minLength(1)),
  STATIONS_TABLE: z.string().check(z.minLength(1)),
  /** URL of the queue that wakes mailboxes. */
  WAKE_QUEUE: z.url(),
  PARKED_BUCKET: z.string().check(z.minLength(1)),
  /** Name of the stage: metrics of several in one account are told apart by it. */
  STAGE: z.string().check(z.minLength(1)),
  /** One number per stream ever used: raised when the stream is replaced, so that its records are newer than all before. */
  STREAM_EPOCH: z.string().check(z.regex(/^[0-9]{1,2}$/)),
});
export type Env = z.input<typeof Env>;
