import type { NetworkRule } from '../rule.ts';
import { kilowatts } from '../wording.ts';

/** Judged only once the stations have had a meter interval to show what they give. */
export const responseShortfall: NetworkRule = {
  name: 'response-shortfall',
  subject: 'network',
  severity: 'critical',
  driven: 'sweep',
  about:
    'Raised when a demand-response event delivers less than it was asked for beyond the tolerance; clears when it delivers or ends.',
  check: (view, { thresholds }) => {
    if (view.topic !== 'response' || view.measuredSince === undefined || view.askedW <= 0) return undefined;
    const shortfallW = view.askedW - view.deliveredW;
    if (shortfallW <= (view.askedW * thresholds.responseShortfallPercent) / 100) return undefined;
    return {
      summary: `Delivers ${kilowatts(view.deliveredW)} of ${kilowatts(view.askedW)}`,
      detail: { askedW: view.askedW, deliveredW: view.deliveredW, shortfallW },
    };
  },
  dwellMs: ({ responseDwellMs }) => responseDwellMs,
};
