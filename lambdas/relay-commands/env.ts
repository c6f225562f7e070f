import * as z from 'zod/mini';

export const Env = z.object({
  /** Name of the Kinesis stream of envelopes. */
  OCPP_STREAM: z.string().check(z.minLength(1)),
  /** Name of the Kinesis stream of signals. */
  SIGNAL_STREAM: z.string().check(z.minLength(1)),
  /** URL of the queue of wake-ups. */
  WAKE_QUEUE: z.url(),
  /** Bucket of records that cannot be handled. */
  PARKED_BUCKET: z.string().check(z.minLength(1)),
  /** Name of the stage: metrics of several in one account are told apart by it. */
  STAGE: z.string().check(z.minLength(1)),
});
export type Env = z.infer<typeof Env>;
