import * as z from 'zod/mini';

export const Env = z.object({
  /** Table sites. */
  SITES_TABLE: z.string().check(z.minLength(1)),
  /** Table stations. */
  STATIONS_TABLE: z.string().check(z.minLength(1)),
  /** Name of the Kinesis stream of signals. */
  SIGNAL_STREAM: z.string().check(z.minLength(1)),
  /** Who has which role: CallerRules as JSON. */
  CALLER_RULES: z.string().check(z.minLength(1)),
});
export type Env = z.infer<typeof Env>;
