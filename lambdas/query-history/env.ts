import * as z from 'zod/mini';

export const Env = z.object({
  STATIONS_TABLE: z.string().check(z.minLength(1)),
  CONNECTORS_TABLE: z.string().check(z.minLength(1)),
  SESSIONS_TABLE: z.string().check(z.minLength(1)),
  TIMELINE_TABLE: z.string().check(z.minLength(1)),
  /** timestream:<database>/<table>+<table of DynamoDB> or dynamodb:<table>. */
  WINDOW_STORE: z.string().check(z.minLength(1)),
  /** Who has which role: CallerRules as JSON. */
  CALLER_RULES: z.string().check(z.minLength(1)),
});
export type Env = z.infer<typeof Env>;
