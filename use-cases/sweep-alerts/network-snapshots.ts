import type { NetworkSnapshot } from '../../domain/alerts/network-snapshot.ts';
import { type ThresholdOverrides, thresholdsFor } from '../../domain/alerts/thresholds.ts';
import { scopeOf } from '../../domain/demand-response/grid-signal.ts';
import type { SignalRecord } from '../../domain/demand-response/signal-record.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { SignalStore } from '../ports/demand-response/signal-store.ts';
import type { ParkedListing } from '../ports/parked-records.ts';

export type SnapshotPorts = {
  readonly parked: ParkedListing;
  readonly signals: Pick<SignalStore, 'open'>;
  /** Thresholds people have set, as they stand. */
  readonly overrides: () => Promise<ThresholdOverrides>;
};

const responseOf = ({ signal, figures, lastCheck }: SignalRecord): NetworkSnapshot => ({
  topic: 'response',
  name: `${signal.signalId} in ${scopeOf(signal)}`,
  askedW: figures?.askedW ?? 0,
  deliveredW: lastCheck?.deliveredW ?? 0,
  ...omitUndefined({ measuredSince: lastCheck?.at }),
});

/**
 * Reads the snapshots that rules on the whole network (not on a site, station or connector) are evaluated on: how many
 * records were parked within the hold time, and what each demand-response event in force delivers.
 */
export const networkSnapshots =
  ({ parked, signals, overrides }: SnapshotPorts) =>
  async (now: number): Promise<readonly NetworkSnapshot[]> => {
    const { parkedHoldMs } = thresholdsFor(undefined, await overrides());
    const [records, open] = await Promise.all([parked.between(now - parkedHoldMs, now), signals.open()]);
    const active = open.filter(({ state }) => state === 'active');
    return [{ topic: 'parked', name: 'parked-records', ...records }, ...active.map(responseOf)];
  };
