import { DAY_MS } from '../kernel/durations.ts';
import { limitKey } from './limit-source.ts';
import type { SiteLimitSet } from './site-signal.ts';
import type { SiteState } from './site-state.ts';

/** What may come late or again is younger than this: streams and the bus keep nothing for longer. */
const REMEMBERED_MS = DAY_MS;
/** Every station of a site may have been limited: 45 bytes each. */
const MOST_REMEMBERED = 400;
/** Limits of one source for one thing that are yet to come: one for every half-hour of a day. Those furthest off are left out. */
const MOST_AHEAD = 48;

const isOver = ({ limit, from, to }: SiteLimitSet, now: number): boolean =>
  limit === undefined ? from <= now : to !== undefined && to <= now;

/**
 * Whether a limit is a later word than another one of the same source about the same thing. Of those of one instant, a plan that
 * was made at once, each holds from where it begins.
 */
export const isLater = (limit: SiteLimitSet, than: SiteLimitSet): boolean =>
  limit.at === than.at ? limit.from > than.from : limit.at > than.at;

/**
 * Whether a later word of the same source about the same thing has taken over from a limit by `now` (ms), or does so before it
 * begins: until the later one begins, the earlier one holds.
 */
export const isReplaced = (limit: SiteLimitSet, by: SiteLimitSet, now: number): boolean =>
  isLater(by, limit) && by.from <= Math.max(limit.from, now);

/**
 * The limits that hold at `now` (ms) or later. Of those that have ended or were taken back only the instant is kept, for a day:
 * an older signal of the same source about the same thing that comes late, or again, is not to bring a limit back.
 */
export const standingLimits = (
  { limits, limitsOver = {} }: Pick<SiteState, 'limits' | 'limitsOver'>,
  now: number,
): Pick<SiteState, 'limits' | 'limitsOver'> => {
  const standing = [...Map.groupBy(limits, limitKey).values()].flatMap((own) =>
    own
      .filter((limit) => !isOver(limit, now) && !own.some((other) => isReplaced(limit, other, now)))
      .toSorted((one, other) => one.from - other.from)
      .slice(0, MOST_AHEAD),
  );
  const over = limits.filter((limit) => isOver(limit, now)).map((limit) => [limitKey(limit), limit.at] as const);
  const remembered = [...Object.entries(limitsOver), ...over]
    .filter(([, at]) => at > now - REMEMBERED_MS)
    .toSorted(([, one], [, other]) => one - other)
    .slice(-MOST_REMEMBERED);
  return remembered.length === 0
    ? { limits: standing }
    : { limits: standing, limitsOver: Object.fromEntries(remembered) };
};
