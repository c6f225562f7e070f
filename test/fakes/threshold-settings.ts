import type { Thresholds } from '../../domain/alerts/thresholds.ts';
import type { ThresholdSettings } from '../../use-cases/ports/threshold-settings.ts';

/** Settings in memory, for tests. */
export const fakeThresholdSettings = (): ThresholdSettings => {
  const kept = new Map<string, Partial<Thresholds>>();
  return {
    overrides: async () => Object.fromEntries(kept),
    find: async (scope) => kept.get(scope) ?? {},
    change: async (scope, patch) => {
      const merged = Object.entries({ ...kept.get(scope), ...patch });
      kept.set(scope, Object.fromEntries(merged.flatMap(([name, value]) => (value === null ? [] : [[name, value]]))));
    },
  };
};
