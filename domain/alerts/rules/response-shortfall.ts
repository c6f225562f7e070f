import { powerText } from '../quantity-text.ts';
import type { NetworkRule } from '../rule.ts';

/** Evaluated only once the stations have had a meter interval to show what they give. */
export const responseShortfall: NetworkRule = {
  name: 'response-shortfall',
  subject: 'network',
  severity: 'critical',
  driven: 'sweep',
  about:
    'Raised when a demand-response event delivers less than it was asked for beyond the tolerance; clears when it delivers or ends.',
  check: (snapshot, { thresholds }) => {
    if (snapshot.topic !== 'response' || snapshot.measuredSince === undefined || snapshot.askedW <= 0) return undefined;
    const shortfallW = snapshot.askedW - snapshot.deliveredW;
    if (shortfallW <= (snapshot.askedW * thresholds.responseShortfallPercent) / 100) return undefined;
    return {
      summary: `Delivers ${powerText(snapshot.deliveredW)} of ${powerText(snapshot.askedW)}`,
      detail: { askedW: snapshot.askedW, deliveredW: snapshot.deliveredW, shortfallW },
    };
  },
  dwellMs: ({ responseDwellMs }) => responseDwellMs,
};
