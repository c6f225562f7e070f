import { z } from 'zod';

/** What announce-alerts is configured with. */
export const Env = z.object({
  TIMELINE_TABLE: z.string().min(1),
  ALERT_TOPIC: z.string().min(1),
  PARKED_BUCKET: z.string().min(1),
});
export type Env = z.input<typeof Env>;
