export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const QUARTER_HOUR_MS = 15 * MINUTE_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Messages are on their way for some time, and clocks are never quite right: what is off by no more than this says nothing. */
export const HARDLY_OFF_MS = MINUTE_MS;

/** Clocks of chargers may run ahead by this much before a stamp is no longer believed. */
export const CLOCK_AHEAD_MS = 5 * MINUTE_MS;

/** Older than this on arrival, a message was kept in an offline queue (or is a repeat); up to this it counts as live. */
export const LATE_AFTER_MS = 5 * MINUTE_MS;

/** A repeated message has the stamp of the first one, give or take a clock corrected in between. */
export const REPEAT_TOLERANCE_MS = 2 * MINUTE_MS;

/**
 * Between two messages of a session lies no more than this, by the stamps of its charger. Where more seems to lie, and the
 * messages came closer together, the earlier stamps are those of a clock that was not set yet.
 */
export const LONGEST_GAP_MS = 7 * DAY_MS;

/** Statuses of connectors are on record for this long: what is computed from them cannot be computed anew of any time before. */
export const STATUSES_KEPT_MS = 400 * DAY_MS;

/** As much of one session is told in minutes and hours at most, up to its last message. */
export const LONGEST_SESSION_MS = 35 * DAY_MS;
