import { z } from 'zod';

export const Env = z.object({
  STATIONS_TABLE: z.string().min(1),
  CONNECTORS_TABLE: z.string().min(1),
  SESSIONS_TABLE: z.string().min(1),
  TIMELINE_TABLE: z.string().min(1),
  ALERTS_TABLE: z.string().min(1),
  SETTINGS_TABLE: z.string().min(1),
  PARKED_BUCKET: z.string().min(1),
  /** Name of the Kinesis stream of envelopes. */
  OCPP_STREAM: z.string().min(1),
  /** timestream:<database>/<table> or dynamodb:<table>. */
  WINDOW_STORE: z.string().min(1),
  /** Parts of a table read side by side. */
  SCAN_SEGMENTS: z.coerce.number().int().min(1).max(64),
});
export type Env = z.input<typeof Env>;
