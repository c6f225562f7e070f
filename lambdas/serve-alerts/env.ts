import * as z from 'zod/mini';

/** What serve-alerts is configured with. */
export const Env = z.object({
  ALERTS_TABLE: z.string().check(z.minLength(1)),
  SETTINGS_TABLE: z.string().check(z.minLength(1)),
  SITES_TABLE: z.string().check(z.minLength(1)),
  STATIONS_TABLE: z.string().check(z.minLength(1)),
  /** Who has which role: CallerRules as JSON. */
  CALLER_RULES: z.string().check(z.minLength(1)),
});
export type Env = z.input<typeof Env>;
