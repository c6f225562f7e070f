import { totalPowerW } from '../present-power-w.ts';
import { powerText } from '../quantity-text.ts';
import type { StationRule } from '../rule.ts';

/** The present power of each connector once, summed: counting samples instead would multiply the load. */
export const contractOverload: StationRule = {
  name: 'contract-overload',
  subject: 'station',
  severity: 'critical',
  driven: 'sweep',
  about:
    'Raised when a station draws more than its contract maximum for the dwell time; clears below it by the hysteresis.',
  check: ({ registration, connectors }, { now, thresholds, holding }) => {
    const { contractMaxW } = registration;
    if (contractMaxW === undefined || !connectors) return undefined;
    const loadW = totalPowerW(connectors, now);
    const limitW = contractMaxW * (holding ? 1 - thresholds.overloadHysteresisPercent / 100 : 1);
    if (loadW <= limitW) return undefined;
    return {
      summary: `Draws ${powerText(loadW)}, contract allows ${powerText(contractMaxW)}`,
      detail: { loadW, contractMaxW },
    };
  },
  dwellMs: ({ overloadDwellMs }) => overloadDwellMs,
};
