import * as z from 'zod/mini';

/** What query-network is configured with. */
export const Env = z.object({
  STATIONS_TABLE: z.string().check(z.minLength(1)),
  CONNECTORS_TABLE: z.string().check(z.minLength(1)),
  SITES_TABLE: z.string().check(z.minLength(1)),
  CALLER_RULES: z.string().check(z.minLength(1)),
});
export type Env = z.infer<typeof Env>;
