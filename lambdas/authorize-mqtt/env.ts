import { z } from 'zod';

export const Env = z.object({
  /** Table stations. */
  STATIONS_TABLE: z.string().min(1),
  /** `arn:aws:iot:<region>:<account>`, the front of the resources a station may use. */
  IOT_ARN: z.string().regex(/^arn:[a-z-]+:iot:[a-z0-9-]+:\d{12}$/),
});
export type Env = z.infer<typeof Env>;
