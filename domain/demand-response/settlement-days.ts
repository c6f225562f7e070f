import { instantOfWall, localDays } from '../calendar/local-time.ts';
import { zoneOffsetMs } from '../calendar/offset-segment.ts';
import { DAY_MS } from '../kernel/durations.ts';

/** The method looks back so many days at most (CAISO 10-of-10). */
export const LOOK_BACK_DAYS = 45;

/** A stretch in which an event ran, ms since the epoch. */
export type EventSpan = { readonly startAt: number; readonly endAt: number };

/** Of an instant as the wall shows it. */
const isWeekend = (wallMs: number): boolean => [0, 6].includes(new Date(wallMs).getUTCDay());

/**
 * When the clock of a zone showed the time at which an event starts on earlier days that its settlement baseline may be made of:
 * of the same kind (Monday to Friday, or Saturday and Sunday), without an event, also in those of the same hours that lie on
 * the day after. Newest first, ms since the epoch.
 */
export const settlementDays = (
  { startAt, endAt }: EventSpan,
  timeZone: string,
  events: readonly EventSpan[],
): readonly number[] => {
  const eventDays = new Set(
    events.flatMap((event) => localDays(timeZone, event.startAt, event.endAt).map(({ date }) => date)),
  );
  const hasEvent = (dayAt: number): boolean =>
    events.some((event) => event.startAt < dayAt + endAt - startAt && event.endAt > dayAt);
  const wallMs = startAt + zoneOffsetMs(timeZone, startAt);
  const earlier = Array.from({ length: LOOK_BACK_DAYS }, (_, index) => wallMs - (index + 1) * DAY_MS);
  return earlier
    .filter((oneMs) => isWeekend(oneMs) === isWeekend(wallMs))
    .filter((oneMs) => !eventDays.has(new Date(oneMs).toISOString().slice(0, 10)))
    .map((oneMs) => instantOfWall(timeZone, oneMs))
    .filter((dayAt) => !hasEvent(dayAt));
};
