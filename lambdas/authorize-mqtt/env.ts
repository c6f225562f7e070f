import * as z from 'zod/mini';

export const Env = z.object({
  /** Table stations. */
  STATIONS_TABLE: z.string().check(z.minLength(1)),
  /** Table credentials. */
  CREDENTIALS_TABLE: z.string().check(z.minLength(1)),
  /** `arn:aws:iot:<region>:<account>`, the front of the resources a station may use. */
  IOT_ARN: z.string().check(z.regex(/^arn:[a-z-]+:iot:[a-z0-9-]+:\d{12}$/)),
});
export type Env = z.infer<typeof Env>;
