import * as z from 'zod/mini';

export const Env = z.object({
  /** Table stations. */
  STATIONS_TABLE: z.string().check(z.minLength(1)),
  /** Table credentials. */
  CREDENTIALS_TABLE: z.string().check(z.minLength(1)),
});
export type Env = z.infer<typeof Env>;
