import type { NetworkSnapshot } from '../../domain/alerts/network-snapshot.ts';
import { type ThresholdOverrides, thresholdsFor } from '../../domain/alerts/thresholds.ts';
import type { ParkedListing } from '../ports/parked-records.ts';

/** What the sweep's rules look at beside the live tables: so far the records that were parked. */
export const networkSnapshots =
  (parked: ParkedListing, overrides: () => Promise<ThresholdOverrides>) =>
  async (now: number): Promise<readonly NetworkSnapshot[]> => {
    const { parkedHoldMs } = thresholdsFor(undefined, await overrides());
    return [{ topic: 'parked', name: 'parked-records', ...(await parked.between(now - parkedHoldMs, now)) }];
  };
