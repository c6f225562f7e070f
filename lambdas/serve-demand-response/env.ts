import * as z from 'zod/mini';

export const Env = z.object({
  /** How roles are found: see `CallerRules`. */
  CALLER_RULES: z.string().check(z.minLength(1)),
  /** Table grid. */
  GRID_TABLE: z.string().check(z.minLength(1)),
  /** Table stations. */
  STATIONS_TABLE: z.string().check(z.minLength(1)),
  /** Table connectors. */
  CONNECTORS_TABLE: z.string().check(z.minLength(1)),
  /** ARN of the demand-response state machine. */
  STATE_MACHINE: z.string().check(z.minLength(1)),
  /** How often chargers send meter values, s. */
  METER_INTERVAL_SEC: z.coerce.number().check(z.int(), z.gte(1), z.lte(900)),
});
export type Env = z.infer<typeof Env>;
