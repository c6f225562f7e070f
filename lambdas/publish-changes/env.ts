import { z } from 'zod';

/** What publish-changes is configured with. */
export const Env = z.object({
  CONNECTORS_TABLE: z.string().min(1),
  STATIONS_TABLE: z.string().min(1),
  ALERTS_TABLE: z.string().min(1),
  SETTINGS_TABLE: z.string().min(1),
  EVENT_BUS: z.string().min(1),
  PARKED_BUCKET: z.string().min(1),
});
export type Env = z.input<typeof Env>;
