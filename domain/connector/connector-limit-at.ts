import { omitUndefined } from '../kernel/omit-undefined.ts';
import { supplyOf } from '../profile/evse-supply.ts';
import type { LimitContext, LimitedTransaction } from '../profile/limit-in-force.ts';
import { type LimitStep, limitStepAt, limitSteps } from '../profile/limit-steps.ts';
import type { ActiveSession } from '../session/active-session.ts';
import type { Connector } from './connector.ts';

/** A session as its profiles know it. */
export const limitedTransaction = ({
  transactionId,
  startedAt,
  tag,
  remoteStartId,
}: ActiveSession): LimitedTransaction => ({
  transactionId,
  startedAt,
  ...omitUndefined({ tag, remoteStartId }),
});

/** What limits on a connector depend on beside its profiles, which are in watts. */
export const limitContext = ({ evseId, place, session }: Connector): LimitContext => ({
  evseId,
  supply: supplyOf(place),
  ...omitUndefined({ transaction: session && limitedTransaction(session) }),
});

/** The limit on a connector at an instant, ms since the epoch, from its profiles alone: no write is needed for it to end. */
export const connectorLimitAt = (connector: Connector, at: number): LimitStep =>
  limitStepAt(connector.profiles ?? [], limitContext(connector), at);

/** The limit on a connector at an instant, W; undefined where there is none or it cannot be told. */
export const limitWAt = (connector: Connector, at: number): number | undefined => {
  if (connector.profiles === undefined) return undefined;
  const step = connectorLimitAt(connector, at);
  return 'limitW' in step ? step.limitW : undefined;
};

/** The connector with the limits from an instant on written down; none where it has no profiles. */
export const withLimits = (connector: Connector, at: number): Connector => {
  const { limits: _, ...rest } = connector;
  return rest.profiles === undefined
    ? rest
    : { ...rest, limits: limitSteps(rest.profiles, limitContext(connector), at) };
};
