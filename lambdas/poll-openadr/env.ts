import * as z from 'zod/mini';

export const Env = z.object({
  /** Table grid. */
  GRID_TABLE: z.string().check(z.minLength(1)),
  /** Table stations. */
  STATIONS_TABLE: z.string().check(z.minLength(1)),
  /** Table connectors. */
  CONNECTORS_TABLE: z.string().check(z.minLength(1)),
  /** ARN of the demand-response state machine. */
  STATE_MACHINE: z.string().check(z.minLength(1)),
  /** Name of the EventBridge bus. */
  EVENT_BUS: z.string().check(z.minLength(1)),
  /** Kinesis stream of signals and site events. */
  SIGNAL_STREAM: z.string().check(z.minLength(1)),
  /** What names of parameters with credentials begin with. */
  CREDENTIALS: z.string().check(z.minLength(1)),
  /** Name of the stage: metrics of several in one account are told apart by it. */
  STAGE: z.string().check(z.minLength(1)),
  /** Address servers may notify, with a slash at its end. The function behind it has none: it asks no server to. */
  CALLBACK_URL: z.optional(z.string().check(z.minLength(1))),
  /** How often chargers send meter values, s. */
  METER_INTERVAL_SEC: z.coerce.number().check(z.int(), z.gte(1), z.lte(900)),
});
export type Env = z.infer<typeof Env>;
