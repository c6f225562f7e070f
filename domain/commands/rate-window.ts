import { MINUTE_MS } from '../kernel/durations.ts';

/** How often commands were asked for in the running minute. */
export type RateWindow = {
  readonly startedAt: number;
  readonly total: number;
  readonly byCaller: Readonly<Record<string, number>>;
};

/** A charger handles one call at a time and takes up to 30 s for each: more than one a second only fills its queue. */
export const PER_STATION_AND_MINUTE = 60;
export const PER_CALLER_AND_MINUTE = 30;

/** The window after one more request of a caller, or undefined when the station or the caller has had its share. */
export const counted = (window: RateWindow | undefined, caller: string, now: number): RateWindow | undefined => {
  const running = window !== undefined && now - window.startedAt < MINUTE_MS && now >= window.startedAt;
  const { startedAt, total, byCaller } = running ? window : { startedAt: now, total: 0, byCaller: {} };
  const own = (Object.hasOwn(byCaller, caller) ? (byCaller[caller] ?? 0) : 0) + 1;
  if (total >= PER_STATION_AND_MINUTE || own > PER_CALLER_AND_MINUTE) return undefined;
  return { startedAt, total: total + 1, byCaller: { ...byCaller, [caller]: own } };
};
