import type { ThresholdName, ThresholdOverrides, Thresholds } from '../../domain/alerts/thresholds.ts';

/** What is to be set of a scope; null takes one back to what holds above. Those not named stay as they are. */
export type ThresholdPatch = Readonly<Partial<Record<ThresholdName, number | null>>>;

/** Thresholds people have set, in table settings: scope '*' for the network or a siteId. */
export type ThresholdSettings = {
  /** All of them; at most a minute old. */
  readonly overrides: () => Promise<ThresholdOverrides>;
  /** What is set for one scope, as it stands. */
  readonly find: (scope: string) => Promise<Partial<Thresholds>>;
  /** Changes what is set for one scope, each threshold by itself: of changes at the same time none is lost. */
  readonly change: (scope: string, patch: ThresholdPatch) => Promise<void>;
};
