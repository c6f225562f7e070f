import { omitUndefined } from '../../kernel/omit-undefined.ts';
import { sum } from '../../kernel/sum.ts';
import { importLimitW } from './openadr-payload.ts';
import { holdsAt, type LimitPart } from './openadr-relief.ts';

/**
 * The lowest import limit of a site between two instants, W; undefined where nothing limits it. Without a limit in force, and
 * while the server is silent (`isSilent`), it is what is subscribed and reserved.
 */
export const siteImportLimitW = (
  parts: readonly LimitPart[],
  from: number,
  to: number,
  isSilent: boolean,
): number | undefined => {
  const at = [from, ...parts.map(({ startAt }) => startAt), ...parts.map(({ endAt }) => endAt)];
  const found = at
    .filter((instant) => instant >= from && instant <= to)
    .map((instant) => {
      const held = parts.filter(holdsAt(instant));
      const powers = (wanted: LimitPart['part']): number[] =>
        held.filter(({ part }) => part === wanted).map(({ powerW }) => powerW);
      const [limit, subscription] = [isSilent ? [] : powers('limit'), powers('subscription')];
      return importLimitW(
        omitUndefined({
          limitW: limit.length === 0 ? undefined : Math.min(...limit),
          subscriptionW: subscription.length === 0 ? undefined : Math.min(...subscription),
          reservationW: sum(powers('reservation')),
        }),
      );
    })
    .filter((limitW) => limitW !== undefined);
  return found.length === 0 ? undefined : Math.min(...found);
};
