import { z } from 'zod';

export const Env = z.object({
  STATIONS_TABLE: z.string().min(1),
  CONNECTORS_TABLE: z.string().min(1),
  SESSIONS_TABLE: z.string().min(1),
  TIMELINE_TABLE: z.string().min(1),
  /** timestream:<database>/<table> or dynamodb:<table>. */
  WINDOW_STORE: z.string().min(1),
  /** Who has which role: CallerRules as JSON. */
  CALLER_RULES: z.string().min(1),
});
export type Env = z.infer<typeof Env>;
