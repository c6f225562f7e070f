import { z } from 'zod';

export const Env = z.object({
  /** Table stations. */
  STATIONS_TABLE: z.string().min(1),
});
export type Env = z.infer<typeof Env>;
