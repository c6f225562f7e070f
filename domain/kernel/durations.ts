export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const QUARTER_HOUR_MS = 15 * MINUTE_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Older than this on arrival, a message was kept in an offline queue (or is a repeat); up to this it counts as live. */
export const LATE_AFTER_MS = 5 * MINUTE_MS;

/** A repeated message has the stamp of the first one, give or take a clock corrected in between. */
export const REPEAT_TOLERANCE_MS = 2 * MINUTE_MS;
