import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { MeterSampled, Reading, SessionStarted, TagRefusal } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { AuthorizationRefused } from '../kernel/state-change.ts';
import type { PendingChange, Transition } from '../kernel/transition.ts';
import { STANDBY_W, STANDBY_WH } from '../session/register.ts';
import type { Connector, RefusedStart, UnclaimedReading } from './connector.ts';

const REMEMBERED = 3;

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
 * That a tag was refused. Its id is its content: the start sent again is the same refusal. `verdict` is why. One that takes
 * back a session that was told is told beside the refusal itself.
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

/** The connector remembering a refused start, in place of what it knew of it. Readings of one that is forgotten go with it. */
export const withRefusedStart = (connector: Connector, start: RefusedStart): Connector => {
  const { refused = [] } = withoutRefusedStart(connector, start.transactionId);
  const all = [start, ...refused].sort((a, b) => b.at - a.at);
  const gone = all.slice(REMEMBERED).map(({ transactionId }) => transactionId);
  const next: Connector = { ...connector, refused: all.slice(0, REMEMBERED) };
  if (gone.length === 0 || connector.unclaimed === undefined) return next;
  return { ...next, unclaimed: connector.unclaimed.filter(({ transactionId = '' }) => !gone.includes(transactionId)) };
};

/** A transaction whose tag was refused: it is remembered, holds no tag and opens no session. */
export const startRefused = (
  connector: Connector,
  start: RefusedStart,
  context: EventContext,
): Transition<Connector> => ({
  next: withRefusedStart(connector, start),
  changes: [authorizationRefused(start, start.tagVerdict, context)],
});

/** Whether the tag of a start was refused. */
export const isRefusedStart = (start: SessionStarted): start is RefusedStart => start.tagVerdict !== undefined;

/**
 * Whether a start of `startedAt` is that of a refused transaction: ids are used again, one from after all that is known of it
 * is another's.
 */
export const isStartOfRefused = ({ at, startUnknown, stop }: RefusedStart, startedAt: number): boolean =>
  startedAt <= at || (startUnknown === true && startedAt <= (stop?.at ?? at));

/** Whether a register shows that energy was delivered after a refused start. */
export const hasDelivered = (
  { meterStartWh }: Pick<RefusedStart, 'meterStartWh'>,
  registerWh: number | undefined,
): boolean => registerWh !== undefined && meterStartWh !== undefined && registerWh - meterStartWh >= STANDBY_WH;

/** The readings that are kept of a refused transaction. */
export const readingsOf = (
  { unclaimed = [] }: Connector,
  { transactionId }: RefusedStart,
): readonly UnclaimedReading[] => unclaimed.filter((kept) => kept.transactionId === transactionId);

/** The register a refused transaction began with: of its start, or else the first that was read of it. */
const firstRegisterWh = (connector: Connector, start: RefusedStart): number | undefined =>
  start.meterStartWh ??
  readingsOf(connector, start).find(({ reading }) => reading.energyWh !== undefined)?.reading.energyWh;

/** Whether the registers of a refused transaction, from its beginning to its stop, show that nothing flowed. */
export const isShownIdle = (connector: Connector, start: RefusedStart): boolean => {
  const meterStartWh = firstRegisterWh(connector, start);
  const meterStopWh = start.stop?.meterStopWh;
  return meterStartWh !== undefined && meterStopWh !== undefined && !hasDelivered({ meterStartWh }, meterStopWh);
};

/** Whether a reading shows that energy flows although its transaction was refused. */
const showsDelivery = (
  connector: Connector,
  start: RefusedStart,
  { energyWh, powerW = 0 }: Pick<Reading, 'energyWh' | 'powerW'>,
): boolean => {
  const begin = omitUndefined({ meterStartWh: firstRegisterWh(connector, start) });
  return !isShownIdle(connector, start) && (powerW >= STANDBY_W || hasDelivered(begin, energyWh));
};

/** Whether all that is known by now of a refused transaction shows that it delivered energy. */
export const isShownToDeliver = (connector: Connector, start: RefusedStart): boolean =>
  showsDelivery(connector, start, omitUndefined({ energyWh: start.stop?.meterStopWh })) ||
  readingsOf(connector, start).some(({ reading }) => showsDelivery(connector, start, reading));

/**
 * The refused start after which a reading shows energy flowing: the one it names, or without a name the newest of a
 * connector on which no session has begun since.
 */
export const refusedStartDelivering = (
  connector: Connector,
  { transactionId, reading }: MeterSampled,
  at: number,
): RefusedStart | undefined => {
  const { session, recent, refused = [] } = connector;
  const [newest] = refused;
  const isOver = newest?.stop !== undefined && at > newest.stop.at;
  const isFree = session === undefined && recent.every(({ endedAt }) => endedAt <= (newest?.at ?? 0));
  const unnamed = isFree && !isOver && reading.context !== 'clock' ? newest : undefined;
  const start = transactionId === undefined ? unnamed : refusedStartOf(connector, transactionId);
  if (start === undefined || (at < start.at && !start.startUnknown)) return undefined;
  return showsDelivery(connector, start, reading) ? start : undefined;
};
