import type { LimitPart, TierPart } from '../../domain/demand-response/openadr/openadr-relief.ts';
import { siteImportLimitW } from '../../domain/demand-response/openadr/site-import-limit-w.ts';
import { siteTierSpans, type TierSpan } from '../../domain/demand-response/openadr/site-tier-spans.ts';
import { MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import { iso } from '../../domain/kernel/iso.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { acceptSiteSignal } from '../accept-site-signals/accept-site-signal.ts';
import type { OpenAdrStore, ToldSite } from '../ports/demand-response/openadr-store.ts';
import type { SiteStream } from '../ports/sites/site-record.ts';
import type { FollowedEvent } from './follow-events.ts';

export type TellLimitsPorts = { readonly store: Pick<OpenAdrStore, 'sites' | 'putSite'>; readonly stream: SiteStream };

/** Events of one server, and whether it has not answered for so long that its limits no longer count. */
export type ServerEvents = { readonly followed: readonly FollowedEvent[]; readonly isSilent: boolean };

/** A limit that begins before the next look is told now, so that it holds when it begins. */
const AHEAD_MS = MINUTE_MS;
/** As many prices as a signal may have. */
const MOST_SPANS = 200;

const sameSpans = (one: readonly TierSpan[], other: readonly TierSpan[]): boolean => {
  const text = (spans: readonly TierSpan[]): string =>
    spans.map(({ from, to, tier }) => `${from} ${to ?? ''} ${tier}`).join('\n');
  return text(one) === text(other);
};

const isOver =
  (now: number) =>
  ({ to = now + 1 }: TierSpan): boolean =>
    to <= now;

/**
 * Tells sites their import limit and price tiers as the events of all servers have them; a site that knows is not told again.
 * Of the limits of several servers the lowest holds. Resolves with how many signals were sent.
 */
export const tellLimitsAndPrices = ({ store, stream }: TellLimitsPorts) => {
  const accept = acceptSiteSignal({ stream });

  const tell = async (name: string, siteId: string, now: number, content: object): Promise<void> => {
    await accept({ name, by: 'openadr', receivedAt: now }, { version: 1, siteId, time: iso(now), ...content });
  };

  const tellLimit = (siteId: string, limitW: number | undefined, now: number): Promise<void> =>
    tell('SiteLimitSet', siteId, now, { scope: 'site', ...omitUndefined({ limitW }) });

  /** Prices that were taken back: a second of the usual tier, and none after it. */
  const tellTiers = (siteId: string, spans: readonly TierSpan[], now: number): Promise<void> => {
    const prices = spans.map(({ from, to, tier }) => ({
      tier,
      from: iso(from),
      ...(to !== undefined && { to: iso(to) }),
    }));
    const none = [{ tier: 'OFF_PEAK', from: iso(now), to: iso(now + SECOND_MS) }];
    return tell('PricesPublished', siteId, now, { prices: prices.length > 0 ? prices : none });
  };

  return async (servers: readonly ServerEvents[], now: number): Promise<number> => {
    const told = new Map((await store.sites()).map((site) => [site.siteId, site]));
    const limits = servers.map(({ followed, isSilent }) => ({
      isSilent,
      parts: followed.flatMap(({ relief }): readonly LimitPart[] => relief.limits),
    }));
    const tiers = servers.flatMap(({ followed }) =>
      followed.flatMap(({ relief }): readonly TierPart[] => relief.tiers),
    );
    const siteIds = new Set([
      ...told.keys(),
      ...limits.flatMap(({ parts }) => parts.map(({ siteId }) => siteId)),
      ...tiers.map(({ siteId }) => siteId),
    ]);
    let count = 0;
    for (const siteId of siteIds) {
      const isOfSite = (part: { readonly siteId: string }): boolean => part.siteId === siteId;
      const lowest = Math.min(
        ...limits.map(
          ({ parts, isSilent }) =>
            siteImportLimitW(parts.filter(isOfSite), now, now + AHEAD_MS, isSilent) ?? Number.POSITIVE_INFINITY,
        ),
      );
      const limitW = lowest === Number.POSITIVE_INFINITY ? undefined : lowest;
      const spans = siteTierSpans(tiers.filter(isOfSite), now).slice(0, MOST_SPANS);
      const before: ToldSite = told.get(siteId) ?? { siteId, tiers: [] };
      const isNewLimit = limitW !== before.limitW;
      const isNewTiers = !sameSpans(
        spans,
        before.tiers.filter((span) => !isOver(now)(span)),
      );
      if (isNewLimit) await tellLimit(siteId, limitW, now);
      if (isNewTiers) await tellTiers(siteId, spans, now);
      if (isNewLimit || isNewTiers) await store.putSite({ siteId, tiers: spans, ...omitUndefined({ limitW }) });
      count += Number(isNewLimit) + Number(isNewTiers);
    }
    return count;
  };
};
