import { z } from 'zod';

/** What serve-alerts is configured with. */
export const Env = z.object({
  ALERTS_TABLE: z.string().min(1),
  SETTINGS_TABLE: z.string().min(1),
  STATIONS_TABLE: z.string().min(1),
  /** Who has which role: CallerRules as JSON. */
  CALLER_RULES: z.string().min(1),
});
export type Env = z.input<typeof Env>;
