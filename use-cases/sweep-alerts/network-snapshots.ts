import type { NetworkSnapshot } from '../../domain/alerts/network-snapshot.ts';
import { type ThresholdOverrides, thresholdsFor } from '../../domain/alerts/thresholds.ts';
import type { ParkedListing } from '../ports/parked-records.ts';

/**
 * Reads the snapshots that rules on the whole network (not on a site, station or connector) are evaluated on. There is one
 * so far: how many records were parked within the hold time.
 */
export const networkSnapshots =
  (parked: ParkedListing, overrides: () => Promise<ThresholdOverrides>) =>
  async (now: number): Promise<readonly NetworkSnapshot[]> => {
    const { parkedHoldMs } = thresholdsFor(undefined, await overrides());
    return [{ topic: 'parked', name: 'parked-records', ...(await parked.between(now - parkedHoldMs, now)) }];
  };
