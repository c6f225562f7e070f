import { localDays } from '../calendar/local-time.ts';
import type { Place } from '../registry/place.ts';
import { type AvailabilityGroup, availabilityKey } from './network-availability-5m.ts';

/**
 * A piece of a roll-up that must be computed again because its input changed after it was (or may have been) computed.
 * load: a site's hour (its stations and zone with it). availability: a group's UTC day. revenue: a station and connector
 * type's UTC day. uptime: a connector's local day.
 */
export type DirtyMark = {
  readonly kind: 'load' | 'availability' | 'revenue' | 'uptime';
  readonly key: string;
  readonly startAt: number;
};

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Roll-ups of the last minutes are recomputed anyway: what is younger needs no mark. */
const SETTLED_MS = 2 * 60_000;
/** How far a late status is carried forward into what was already reported; legal reports look back over a year. */
const CARRIED_AVAILABILITY_MS = 2 * DAY_MS;
const CARRIED_UPTIME_MS = 400 * DAY_MS;

const floor = (at: number, sizeMs: number): number => Math.floor(at / sizeMs) * sizeMs;

/** The starts of the spans of `sizeMs` that overlap [fromAt, toAt]. */
const spans = (fromAt: number, toAt: number, sizeMs: number): number[] =>
  Array.from(
    { length: Math.max(0, (floor(toAt, sizeMs) - floor(fromAt, sizeMs)) / sizeMs + 1) },
    (_, index) => floor(fromAt, sizeMs) + index * sizeMs,
  );

/** The hour of a connector-minute, unless the next sweep sees it anyway. */
export const dirtyLoad = (siteId: string, minuteAt: number, now: number): DirtyMark[] =>
  minuteAt + 60_000 >= now - SETTLED_MS ? [] : [{ kind: 'load', key: siteId, startAt: floor(minuteAt, HOUR_MS) }];

/** The days of a session's revenue. */
export const dirtyRevenue = (
  { stationId, connectorType }: { stationId: string; connectorType: string },
  startedAt: number,
  endedAt: number,
): DirtyMark[] =>
  spans(startedAt, endedAt, DAY_MS).map((startAt) => ({
    kind: 'revenue',
    key: `${stationId}#${connectorType}`,
    startAt,
  }));

/** The groups a connector counts in. */
export const availabilityGroups = ({ region, connectorType, model, firmware }: Place): AvailabilityGroup[] => [
  { by: 'type', region, connectorType },
  ...(model === undefined ? [] : [{ by: 'model' as const, model }]),
  ...(model === undefined || firmware === undefined ? [] : [{ by: 'firmware' as const, model, firmware }]),
];

/** What a status that became known late changes: from its time until the next status known, or until now. */
export const dirtyStatus = (connector: string, place: Place, at: number, until: number, now: number): DirtyMark[] => {
  if (at >= now - 5 * 60_000) return [];
  const end = Math.min(until, now);
  const days = spans(at, Math.min(end, at + CARRIED_AVAILABILITY_MS), DAY_MS);
  return [
    ...availabilityGroups(place).flatMap((group) =>
      days.map((startAt) => ({ kind: 'availability' as const, key: availabilityKey(group), startAt })),
    ),
    // The day that is still running is computed when it is over.
    ...localDays(place.timeZone, at, Math.min(end, at + CARRIED_UPTIME_MS) + 1)
      .filter(({ endAt }) => endAt <= now)
      .map(({ startAt }) => ({ kind: 'uptime' as const, key: connector, startAt })),
  ];
};

/** Each mark once. */
export const distinctMarks = (marks: readonly DirtyMark[]): DirtyMark[] => [
  ...new Map(marks.map((mark) => [`${mark.kind}#${mark.key}#${mark.startAt}`, mark])).values(),
];
