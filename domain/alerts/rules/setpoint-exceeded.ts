import { limitWAt } from '../../connector/connector-limit-at.ts';
import { presentPowerW } from '../present-power-w.ts';
import { kilowatts } from '../quantity-text.ts';
import type { ConnectorRule } from '../rule.ts';

/** A limit is a ceiling: a car that draws less obeys it. */
export const setpointExceeded: ConnectorRule = {
  name: 'setpoint-exceeded',
  subject: 'connector',
  severity: 'major',
  driven: 'sweep',
  about:
    'Raised when a connector draws more than its accepted limit plus tolerance for longer than it may take to settle; clears when it obeys.',
  check: (connector, { now, thresholds }) => {
    const { session } = connector;
    const limitW = limitWAt(connector, now);
    const powerW = presentPowerW(connector, now);
    if (limitW === undefined || !session || powerW === undefined) return undefined;
    const toleranceW = Math.max(thresholds.setpointToleranceW, (limitW * thresholds.setpointTolerancePercent) / 100);
    if (powerW <= limitW + toleranceW) return undefined;
    const deviationW = powerW - limitW;
    return {
      summary: `Draws ${kilowatts(powerW)}, ${kilowatts(deviationW)} above the limit of ${kilowatts(limitW)}`,
      detail: { powerW, limitW, deviationW, sessionId: session.sessionId },
    };
  },
  dwellMs: ({ setpointSettleMs }) => setpointSettleMs,
};
