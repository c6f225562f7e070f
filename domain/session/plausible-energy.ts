const UNKNOWN_RATING_W = 500_000;
/** Readings are stamped to the minute by some stations, and registers step by up to a tenth of a kWh. */
const STAMP_TOLERANCE_MS = 120_000;
const STEP_TOLERANCE_WH = 500;
const RATING_TOLERANCE = 1.5;

/** The most a connector can have delivered in `durationMs`, Wh: its rating and time, generously. Rating 0 is unknown. */
export const plausibleWh = (ratedW: number, durationMs: number): number =>
  ((ratedW > 0 ? ratedW : UNKNOWN_RATING_W) * RATING_TOLERANCE * (Math.max(0, durationMs) + STAMP_TOLERANCE_MS)) /
    3_600_000 +
  STEP_TOLERANCE_WH;
