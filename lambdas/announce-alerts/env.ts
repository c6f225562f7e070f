import * as z from 'zod/mini';

/** What announce-alerts is configured with. */
export const Env = z.object({
  TIMELINE_TABLE: z.string().check(z.minLength(1)),
  ALERT_TOPIC: z.string().check(z.minLength(1)),
  PARKED_BUCKET: z.string().check(z.minLength(1)),
  /** Name of the stage: metrics of several in one account are told apart by it. */
  STAGE: z.string().check(z.minLength(1)),
});
export type Env = z.input<typeof Env>;
