import type { Connector } from '../../connector/connector.ts';
import { limitWAt } from '../../connector/connector-limit-at.ts';
import { limitsBetween } from '../../connector/replaced-limits.ts';
import { presentPowerW } from '../present-power-w.ts';
import { kilowatts } from '../quantity-text.ts';
import type { ConnectorRule, RuleContext } from '../rule.ts';

/**
 * The limit that the last sample is held against, W: the highest that holds now or held while the car had to follow it.
 * Undefined where there is none: a sample tells nothing of a limit that came after it.
 */
const judgedLimitW = (connector: Connector, { now, thresholds, holding }: RuleContext): number | undefined => {
  const { sampledAt, sampleIntervalMs = Number.POSITIVE_INFINITY } = connector.session ?? {};
  const limitW = limitWAt(connector, now);
  if (limitW === undefined || sampledAt === undefined) return undefined;
  // A car may take this long to follow. Where samples come sooner, the first above the limit begins the dwell time at once, and
  // those after it have this long.
  const comesSooner = sampleIntervalMs < thresholds.setpointSettleMs;
  const followMs = comesSooner && !holding ? 0 : thresholds.setpointSettleMs;
  const earlierW = limitsBetween(connector, sampledAt - followMs, sampledAt);
  const knownW = earlierW.filter((limitW) => limitW !== undefined);
  return knownW.length === earlierW.length || holding ? Math.max(limitW, ...knownW) : undefined;
};

/** A limit is a ceiling: a car that draws less obeys it. */
export const setpointExceeded: ConnectorRule = {
  name: 'setpoint-exceeded',
  subject: 'connector',
  severity: 'major',
  driven: 'sweep',
  about:
    'Raised when a connector draws more than its accepted limit plus tolerance for longer than it may take to settle; clears when it obeys.',
  check: (connector, context) => {
    const { now, thresholds } = context;
    const { session } = connector;
    const limitW = judgedLimitW(connector, context);
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
