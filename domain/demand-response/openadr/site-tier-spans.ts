import { omitUndefined } from '../../kernel/omit-undefined.ts';
import { holdsAt, type TierPart } from './openadr-relief.ts';

/** A tier over a time; `to` is absent for one without an end. */
export type TierSpan = { readonly from: number; readonly to?: number; readonly tier: string };

/** The tiers of a site one after the other, without those that are over. */
export const siteTierSpans = (parts: readonly TierPart[], now: number): readonly TierSpan[] => {
  const current = parts
    .filter(({ endAt }) => endAt > now)
    .toSorted((one, other) => one.priority - other.priority || other.version - one.version);
  const edges = [...new Set(current.flatMap(({ startAt, endAt }) => [startAt, endAt]))].sort(
    (one, other) => one - other,
  );
  const spans: TierSpan[] = [];
  for (const [index, from] of edges.entries()) {
    const tier = current.find(holdsAt(from))?.tier;
    const to = edges[index + 1];
    if (tier === undefined || to === undefined || to <= now) continue;
    const last = spans.at(-1);
    const end = omitUndefined({ to: to === Number.POSITIVE_INFINITY ? undefined : to });
    if (last?.tier === tier && last.to === from) spans[spans.length - 1] = { from: last.from, tier, ...end };
    else spans.push({ from, tier, ...end });
  }
  return spans;
};
