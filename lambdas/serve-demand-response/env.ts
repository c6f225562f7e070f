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
});
export type Env = z.infer<typeof Env>;
