import { type Alert, SEEN_KEPT, type SourceWord } from './alert.ts';
import type { OccurrenceEvaluation } from './evaluation.ts';

/** Until when occurrences keep it open, ms. */
export const heldUntil = ({ holdUntil = 0, sources = [] }: Alert): number =>
  Math.max(holdUntil, ...sources.map((word) => word.holdUntil ?? 0));

/**
 * Whether nothing follows from it: it was counted, it ends nothing, its source has said something newer, or its time was over
 * before the alert was cleared (it comes again, or very late). Where clocks were set and the order is in doubt, what is wrong is
 * believed.
 */
export const isIdle = (alert: Alert, { occurrence, holdMs }: OccurrenceEvaluation): boolean => {
  const { id, at, receivedAt, source, over } = occurrence;
  if (alert.seen.some((seen) => seen.id === id)) return true;
  if (alert.phase === 'cleared' && receivedAt + holdMs <= alert.cleared.at) return true;
  const newest = alert.sources?.find((word) => word.source === source);
  if (over) return newest?.holdUntil === undefined || at < newest.at || receivedAt < newest.receivedAt;
  return newest !== undefined && at < newest.at && receivedAt < newest.receivedAt;
};

const SOURCES_KEPT = 16;

/** With one more occurrence: what it keeps open, and what is needed to know it again. */
export const withOccurrence = <Life extends Alert>(alert: Life, { occurrence, holdMs }: OccurrenceEvaluation): Life => {
  const { id, at, receivedAt, source, over } = occurrence;
  const holdUntil = receivedAt + holdMs;
  const seen = [...alert.seen, { id, at, ...(over && ({ over } as const)) }].slice(-SEEN_KEPT);
  if (source === undefined) return { ...alert, seen, holdUntil: Math.max(alert.holdUntil ?? 0, holdUntil) };
  const word: SourceWord = { source, at, receivedAt, ...(!over && { holdUntil }) };
  const others = (alert.sources ?? []).filter((other) => other.source !== source);
  const counted = { ...alert, seen, sources: [...others.slice(1 - SOURCES_KEPT), word] };
  // What a source held that is kept no longer ends with time alone.
  const held = Math.max(
    alert.holdUntil ?? 0,
    ...others.slice(0, 1 - SOURCES_KEPT).map((other) => other.holdUntil ?? 0),
  );
  return held > 0 ? { ...counted, holdUntil: held } : counted;
};
