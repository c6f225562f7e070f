import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { MeterSampled, SessionStarted, TagRefusal } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { AuthorizationRefused } from '../kernel/state-change.ts';
import { type PendingChange, type Transition, unchanged } from '../kernel/transition.ts';
import type { Connector, RefusedStart } from './connector.ts';

const REMEMBERED = 3;
/** What a meter may show although nothing was delivered: it counts in steps, and electronics draw a little. */
export const STANDBY_WH = 10;
export const STANDBY_W = 500;

/** The refused start of a transaction, if the connector remembers it. */
export const refusedStartOf = ({ refused }: Connector, transactionId: string): RefusedStart | undefined =>
  refused?.find((start) => start.transactionId === transactionId);

/** The connector without the refused start of a transaction. */
export const withoutRefusedStart = (connector: Connector, transactionId: string): Connector => {
  const { refused, ...rest } = connector;
  const others = refused?.filter((start) => start.transactionId !== transactionId) ?? [];
  return others.length > 0 ? { ...rest, refused: others } : rest;
};

type Refused = Pick<AuthorizationRefused, 'transactionId' | 'tag' | 'withdrawnSessionId'>;

/**
 * That a tag was refused. Its id is its content: the start sent again is the same refusal. `verdict` is why.
 */
export const authorizationRefused = (
  { transactionId, tag, withdrawnSessionId }: Refused,
  verdict: TagRefusal,
  context: EventContext,
): PendingChange => ({
  id: `${context.stationId}.${context.evseId}.${context.connectorId}.${context.at.toString(36)}.refused.${transactionId}`,
  type: 'AuthorizationRefused',
  ...contextFields(context),
  transactionId,
  verdict,
  ...omitUndefined({ tag, withdrawnSessionId }),
});

/** The connector remembering a refused start, in place of what it knew of it. */
export const withRefusedStart = (connector: Connector, start: RefusedStart): Connector => {
  const { refused = [] } = withoutRefusedStart(connector, start.transactionId);
  return { ...connector, refused: [start, ...refused].slice(0, REMEMBERED) };
};

/** A start whose tag was refused: it is remembered, holds no tag and opens no session. */
export const startRefused = (
  connector: Connector,
  start: RefusedStart,
  context: EventContext,
): Transition<Connector> => {
  if (refusedStartOf(connector, start.transactionId)?.at === start.at) return unchanged(connector);
  const refusal = authorizationRefused(start, start.tagVerdict, context);
  return { next: withRefusedStart(connector, start), changes: [refusal] };
};

/** Whether the tag of a start was refused. */
export const isRefusedStart = (start: SessionStarted): start is RefusedStart => start.tagVerdict !== undefined;

/** Whether a register shows that energy was delivered after a refused start. */
export const hasDelivered = ({ meterStartWh }: RefusedStart, registerWh: number | undefined): boolean =>
  registerWh !== undefined && meterStartWh !== undefined && registerWh - meterStartWh >= STANDBY_WH;

/**
 * The refused start after which a reading shows energy flowing: the one it names, or without a name the newest of a
 * connector on which no session has begun since.
 */
export const refusedStartDelivering = (
  connector: Connector,
  { transactionId, reading }: MeterSampled,
  at: number,
): RefusedStart | undefined => {
  const { session, recent, refused } = connector;
  const isFree = session === undefined && recent.every(({ endedAt }) => endedAt <= (refused?.[0]?.at ?? 0));
  const unnamed = isFree && reading.context !== 'clock' ? refused?.[0] : undefined;
  const start = transactionId === undefined ? unnamed : refusedStartOf(connector, transactionId);
  if (start === undefined || at < start.at) return undefined;
  return hasDelivered(start, reading.energyWh) || (reading.powerW ?? 0) >= STANDBY_W ? start : undefined;
};
