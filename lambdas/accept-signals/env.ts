import * as z from 'zod/mini';

export const Env = z.object({
  /** Table grid. */
  GRID_TABLE: z.string().check(z.minLength(1)),
  /** ARN of the demand-response state machine. */
  STATE_MACHINE: z.string().check(z.minLength(1)),
  /** Name of the EventBridge bus. */
  EVENT_BUS: z.string().check(z.minLength(1)),
});
export type Env = z.infer<typeof Env>;
