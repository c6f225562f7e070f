import { type ThresholdOverrides, thresholdsFor } from '../../domain/alerts/thresholds.ts';
import type { NetworkView } from '../../domain/alerts/views.ts';
import type { ParkedListing } from '../ports/parked-records.ts';

/** What the sweep's rules judge beside the live tables: so far the records that were parked. */
export const networkViews =
  (parked: ParkedListing, overrides: () => Promise<ThresholdOverrides>) =>
  async (now: number): Promise<readonly NetworkView[]> => {
    const { parkedHoldMs } = thresholdsFor(undefined, await overrides());
    return [{ topic: 'parked', name: 'parked-records', ...(await parked.between(now - parkedHoldMs, now)) }];
  };
