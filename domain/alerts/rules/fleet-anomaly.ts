import type { NetworkRule } from '../rule.ts';

/** Standard deviations above what the rest of the network would let expect. */
const SURPRISE = 3;

/**
 * One vendor, model and firmware against the rest of the network: more faulted connectors than chance explains,
 * and clearly more often. With no other chargers to compare with, nothing can be said.
 */
export const fleetAnomaly: NetworkRule = {
  name: 'fleet-anomaly',
  subject: 'network',
  severity: 'major',
  driven: 'sweep',
  about:
    'Raised when the connectors of one firmware or model are faulted far more often than the rest of the network; clears when they no longer are.',
  check: (snapshot, { thresholds }) => {
    if (snapshot.topic !== 'fleet' || snapshot.otherConnectors === 0) return undefined;
    const { connectors, faulted, otherConnectors, otherFaulted } = snapshot;
    if (connectors < thresholds.anomalyMinConnectors || faulted < thresholds.anomalyMinFaulted) return undefined;
    const share = faulted / connectors;
    const otherShare = otherFaulted / otherConnectors;
    const pooled = (faulted + otherFaulted) / (connectors + otherConnectors);
    const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / connectors + 1 / otherConnectors));
    const surprise = deviation === 0 ? 0 : (share - otherShare) / deviation;
    if (surprise < SURPRISE || share < thresholds.anomalyTimes * otherShare) return undefined;
    return {
      summary: `${faulted} of ${connectors} connectors faulted, elsewhere ${otherFaulted} of ${otherConnectors}`,
      detail: { connectors, faulted, otherConnectors, otherFaulted },
    };
  },
  dwellMs: ({ anomalyDwellMs }) => anomalyDwellMs,
};
