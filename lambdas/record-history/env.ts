import * as z from 'zod/mini';

export const Env = z.object({
  CONNECTORS_TABLE: z.string().check(z.minLength(1)),
  STATIONS_TABLE: z.string().check(z.minLength(1)),
  SESSIONS_TABLE: z.string().check(z.minLength(1)),
  TIMELINE_TABLE: z.string().check(z.minLength(1)),
  TARIFFS_TABLE: z.string().check(z.minLength(1)),
  /** timestream:<database>/<table>+<table of DynamoDB> or dynamodb:<table>. */
  WINDOW_STORE: z.string().check(z.minLength(1)),
  PARKED_BUCKET: z.string().check(z.minLength(1)),
  /** Name of the stage: metrics of several in one account are told apart by it. */
  STAGE: z.string().check(z.minLength(1)),
});
export type Env = z.infer<typeof Env>;
