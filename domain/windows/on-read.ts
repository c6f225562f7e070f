import type { CalendarSpan } from '../calendar/local-time.ts';
import { MINUTE_MS } from '../kernel/durations.ts';
import type { RolledUp } from './series.ts';

/** Rows that start within a quarter of an hour share an item of the store. */
export const QUARTER_MS = 15 * MINUTE_MS;
/** A sweep that was held up stores the rows of a quarter-hour this much later. */
const HELD_UP_MS = 5 * MINUTE_MS;

const quarterAt = (at: number): number => Math.floor(at / QUARTER_MS) * QUARTER_MS;

/** When a window gets its row: as it ends, or with the last one of its quarter-hour. */
export const rowDueAt = ({ onRead }: RolledUp, { endAt }: CalendarSpan): number =>
  onRead?.rows === 'latest' ? quarterAt(endAt + QUARTER_MS - 1) : endAt;

/** How much later than it ends a window may get its row, ms. */
export const rowDelayMs = ({ onRead }: RolledUp): number => (onRead?.rows === 'latest' ? QUARTER_MS : 0);

/** Rows that start from here on are computed when somebody asks at `now`, those before are read. */
export const storedUntil = ({ onRead }: RolledUp, now: number): number => {
  if (onRead === undefined) return Number.POSITIVE_INFINITY;
  return onRead.rows === 'all' ? Number.NEGATIVE_INFINITY : quarterAt(now - HELD_UP_MS);
};
