import type { ThresholdOverrides, Thresholds } from '../../domain/alerts/thresholds.ts';

/** Thresholds people have set, in table settings: scope '*' for the network or a siteId. */
export type ThresholdSettings = {
  /** All of them; at most a minute old. */
  readonly overrides: () => Promise<ThresholdOverrides>;
  /** What is set for one scope, as it stands. */
  readonly find: (scope: string) => Promise<Partial<Thresholds>>;
  /** Replaces what is set for one scope. */
  readonly put: (scope: string, thresholds: Partial<Thresholds>) => Promise<void>;
};
