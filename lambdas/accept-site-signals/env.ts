import * as z from 'zod/mini';

export const Env = z.object({
  /** Name of the Kinesis stream of signals. */
  SIGNAL_STREAM: z.string().check(z.minLength(1)),
  /** Name of the EventBridge bus. */
  EVENT_BUS: z.string().check(z.minLength(1)),
});
export type Env = z.infer<typeof Env>;
