import type { StationExclusion } from './uptime-row.ts';

/** A time that is to count again: of exclusions of any kind, or of those for one connector or one reason. */
export type IncludedSpan = Pick<StationExclusion, 'fromAt' | 'toAt' | 'connectorKey'> & {
  readonly reason?: StationExclusion['reason'];
};

/** Whether an exclusion takes out some of a span that is to count again. */
export const isTouchedBy = (
  exclusion: StationExclusion,
  { fromAt, toAt, connectorKey, reason }: IncludedSpan,
): boolean =>
  exclusion.fromAt < toAt &&
  exclusion.toAt > fromAt &&
  (connectorKey === undefined || exclusion.connectorKey === connectorKey) &&
  (reason === undefined || exclusion.reason === reason);

/** Exclusions without a span: what they cover before and after it stays. */
export const withoutSpan = (exclusions: readonly StationExclusion[], span: IncludedSpan): readonly StationExclusion[] =>
  exclusions.flatMap((exclusion) =>
    isTouchedBy(exclusion, span)
      ? [
          { ...exclusion, toAt: Math.min(exclusion.toAt, span.fromAt) },
          { ...exclusion, fromAt: Math.max(exclusion.fromAt, span.toAt) },
        ].filter(({ fromAt, toAt }) => fromAt < toAt)
      : [exclusion],
  );
