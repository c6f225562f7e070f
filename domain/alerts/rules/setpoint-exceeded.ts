import type { Connector } from '../../connector/connector.ts';
import { connectorLimitAt, limitWAt } from '../../connector/connector-limit-at.ts';
import { presentPowerW } from '../present-power-w.ts';
import { kilowatts } from '../quantity-text.ts';
import type { ConnectorRule, RuleContext } from '../rule.ts';

/** When the command was sent that set the limit at an instant; undefined where there is none. */
const sentAtOf = (connector: Connector, at: number): number | undefined => {
  const step = connectorLimitAt(connector, at);
  const id = 'commandId' in step ? step.commandId : undefined;
  return id === undefined ? undefined : connector.profiles?.find(({ commandId }) => commandId === id)?.sentAt;
};

/**
 * The limit that the last sample is held against, W: the highest that holds now or held while the car had to follow it.
 * Undefined where there is none: a sample tells nothing of a limit that came after it.
 */
const judgedLimitW = (connector: Connector, { now, thresholds, holding }: RuleContext): number | undefined => {
  const { sampledAt, sampleIntervalMs = Number.POSITIVE_INFINITY } = connector.session ?? {};
  const limitW = limitWAt(connector, now);
  if (limitW === undefined || sampledAt === undefined) return undefined;
  // A car may take this long to follow. Where the next sample comes sooner, the dwell time waits for that.
  const followMs = sampleIntervalMs < thresholds.setpointSettleMs ? 0 : thresholds.setpointSettleMs;
  const earlierW = [sampledAt, sampledAt - followMs].map((at) => limitWAt(connector, at));
  const knownW = earlierW.filter((limitW) => limitW !== undefined);
  // A limit that is renewed meanwhile, and has replaced the one that was exceeded, excuses nobody.
  const isOlder = (sentAtOf(connector, sampledAt) ?? now) + followMs <= sampledAt && knownW.length === earlierW.length;
  return isOlder || holding ? Math.max(limitW, ...knownW) : undefined;
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
