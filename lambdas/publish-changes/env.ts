import * as z from 'zod/mini';

/** What publish-changes is configured with. */
export const Env = z.object({
  CONNECTORS_TABLE: z.string().check(z.minLength(1)),
  STATIONS_TABLE: z.string().check(z.minLength(1)),
  ALERTS_TABLE: z.string().check(z.minLength(1)),
  GRID_TABLE: z.string().check(z.minLength(1)),
  SETTINGS_TABLE: z.string().check(z.minLength(1)),
  SITES_TABLE: z.string().check(z.minLength(1)),
  /** Name of the Kinesis stream of signals. */
  SIGNAL_STREAM: z.string().check(z.minLength(1)),
  EVENT_BUS: z.string().check(z.minLength(1)),
  PARKED_BUCKET: z.string().check(z.minLength(1)),
  /** Name of the stage: metrics of several in one account are told apart by it. */
  STAGE: z.string().check(z.minLength(1)),
});
export type Env = z.input<typeof Env>;
