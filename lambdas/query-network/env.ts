import { z } from 'zod';

/** What query-network is configured with. */
export const Env = z.object({
  STATIONS_TABLE: z.string().min(1),
  CONNECTORS_TABLE: z.string().min(1),
  CALLER_RULES: z.string().min(1),
});
export type Env = z.infer<typeof Env>;
