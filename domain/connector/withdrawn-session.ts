import { LATE_AFTER_MS } from '../kernel/durations.ts';
import type { EndedSession } from '../kernel/ended-session.ts';
import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { SessionStarted, SessionStopped, SessionUpdated } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { type Transition, unchanged } from '../kernel/transition.ts';
import { type ActiveSession, type Refusal, withFlag } from '../session/active-session.ts';
import type { RecentSession, ToldEnd } from '../session/recent-session.ts';
import { STANDBY_W, STANDBY_WH } from '../session/register.ts';
import { minutesCorrected } from '../session/session-minutes.ts';
import { type Connector, type RefusedStart, withRecent } from './connector.ts';
import { authorizationRefused, withRefusedStart } from './refused-start.ts';
import { readingsOfCurve, withReadingsKept, zeroWhOf } from './unclaimed-reading.ts';

/** Whether an open session has had neither a tag nor, by all that is known, energy. */
export const isUnused = ({ tag, energyWh, powerW = 0, chargingState }: ActiveSession): boolean =>
  tag === undefined && energyWh < STANDBY_WH && powerW < STANDBY_W && chargingState !== 'charging';

/** What is known of a session that turns out to be none. */
type Withdrawn = Pick<
  ActiveSession,
  | 'sessionId'
  | 'transactionId'
  | 'startedAt'
  | 'startUnknown'
  | 'curve'
  | 'register'
  | 'meterStartWh'
  | 'seqNo'
  | 'remoteStartId'
> & { readonly toAt: number; readonly stop?: SessionStopped };

/**
 * A session that was told and is none: its tag was refused, and it delivered nothing. What is known of it stays with its
 * refused start, should it turn out otherwise, and what little its meter showed is taken back from its minutes.
 * The session is out of its slot already.
 */
const withdrawn = (
  connector: Connector,
  session: Withdrawn,
  { verdict, tag }: Refusal,
  context: EventContext,
): Transition<Connector> => {
  const { sessionId, transactionId, startedAt, startUnknown, toAt } = session;
  const { meterStartWh = startUnknown ? undefined : zeroWhOf(session) } = session;
  const { evseId, connectorId, receivedAt } = context;
  const start: RefusedStart = {
    ...{ type: 'SessionStarted', at: startedAt, receivedAt, clock: 'charger', messageId: '', evseId, connectorId },
    ...{ transactionId, tagVerdict: verdict },
    ...omitUndefined({
      tag,
      startUnknown,
      meterStartWh,
      seqNo: session.seqNo,
      remoteStartId: session.remoteStartId,
      stop: session.stop,
    }),
  };
  const without: Connector = {
    ...connector,
    recent: connector.recent.filter((other) => other.sessionId !== sessionId),
  };
  return {
    next: withReadingsKept(
      withRefusedStart(without, start),
      readingsOfCurve(
        session,
        session.curve.filter(([sec]) => sec > 0 || startUnknown),
        receivedAt,
        transactionId,
      ),
    ),
    changes: [
      ...minutesCorrected({ ...session, curve: [] }, startedAt, Math.max(toAt, startedAt + 1), context),
      authorizationRefused(
        { transactionId, withdrawnSessionId: sessionId, ...omitUndefined({ tag }) },
        verdict,
        context,
      ),
    ],
  };
};

/** An open session, taken out of its slot already, whose first tag was refused before it delivered anything. */
export const openSessionWithdrawn = (
  connector: Connector,
  session: ActiveSession,
  refusal: Refusal,
  context: EventContext,
): Transition<Connector> =>
  withdrawn(connector, { ...session, toAt: session.sampledAt ?? session.startedAt }, refusal, context);

/** Whether the record of an ended session shows neither a tag of its own nor energy. */
export const isUnusedRecord = ({ record }: ToldEnd, tag: string | undefined): boolean =>
  record.energyWh < STANDBY_WH && (record.tag === undefined || record.tag === tag);

/** An ended session whose tag turns out to have been refused, and which delivered nothing. */
export const endedSessionWithdrawn = (
  connector: Connector,
  recent: RecentSession & ToldEnd,
  refusal: Refusal,
  context: EventContext,
): Transition<Connector> => {
  const { record, register, startUnknown, seqNo } = recent;
  const { sessionId, transactionId, startedAt, endedAt, curve, meterStartWh, meterStopWh, reason, vendorReason } =
    record;
  const { evseId, connectorId, receivedAt } = context;
  const stop: SessionStopped = {
    ...{ type: 'SessionStopped', at: endedAt, receivedAt, clock: 'charger', messageId: '', evseId, connectorId },
    ...{ transactionId, reason },
    ...omitUndefined({ meterStopWh, vendorReason, seqNo }),
  };
  const isOrphan = record.flags.includes('orphan');
  return withdrawn(
    connector,
    {
      ...{ sessionId, transactionId, startedAt, curve, stop, toAt: endedAt },
      ...omitUndefined({ register, meterStartWh, startUnknown: startUnknown ?? (isOrphan || undefined) }),
    },
    refusal,
    context,
  );
};

/** What a message may say of a tag. */
type Told = Pick<SessionStarted | SessionUpdated | SessionStopped, 'type' | 'tag' | 'tagVerdict'> & {
  readonly transactionId: string;
};

const amendedRecord = (
  connector: Connector,
  recent: RecentSession & ToldEnd,
  told: Partial<Pick<EndedSession, 'tag' | 'flags'>>,
  context: EventContext,
): Transition<Connector> => {
  const { record } = recent;
  const known = told.flags ?? record.flags;
  const flags = context.receivedAt - context.at > LATE_AFTER_MS ? withFlag(known, 'lateArrival') : known;
  const amended: EndedSession = { ...record, ...told, flags, rev: connector.rev + 1 };
  return {
    next: withRecent(connector, { ...recent, record: amended }),
    changes: [{ type: 'SessionAmended', ...contextFields(context), at: record.endedAt, session: amended }],
  };
};

/**
 * A message of a session that ended says whose it was, or that its tag was refused: then the session was none, or, where it
 * delivered energy, its record says so. A card refused at a session that has a tag says nothing of it.
 */
export const endedSessionTagged = (
  connector: Connector,
  recent: RecentSession,
  { type, transactionId, tag, tagVerdict: verdict }: Told,
  context: EventContext,
): Transition<Connector> => {
  if (recent.phase !== 'told') return unchanged(connector);
  const { tag: known, flags } = recent.record;
  const isRefused = flags.includes('tagRefused');
  const isOwned = known !== undefined && !isRefused;
  if (verdict === undefined) {
    if (tag === undefined || isOwned) return unchanged(connector);
    return amendedRecord(connector, recent, { tag, flags: flags.filter((flag) => flag !== 'tagRefused') }, context);
  }
  // A tag that a stop told is its session's only if the start does not say otherwise.
  const isAnswered = type === 'SessionStarted' && known === tag;
  if (isRefused || (isOwned && !isAnswered)) return unchanged(connector);
  const refusal: Refusal = { verdict, ...omitUndefined({ tag }) };
  if (isUnusedRecord(recent, tag)) return endedSessionWithdrawn(connector, recent, refusal, context);
  const refused = { ...omitUndefined({ tag }), flags: withFlag(flags, 'tagRefused') };
  const { next, changes } = amendedRecord(connector, recent, refused, context);
  return {
    next,
    changes: [authorizationRefused({ transactionId, ...omitUndefined({ tag }) }, verdict, context), ...changes],
  };
};

/** A message of a session that ended was missing until now: once all that were missing came, its record has no gap. */
export const missingMessageCame = (
  connector: Connector,
  recent: RecentSession,
  seqNo: number | undefined,
  context: EventContext,
): Transition<Connector> => {
  if (recent.phase !== 'told' || seqNo === undefined || !recent.missingSeqNos?.includes(seqNo))
    return unchanged(connector);
  const { missingSeqNos, ...ended } = recent;
  const missing = missingSeqNos.filter((other) => other !== seqNo);
  if (missing.length > 0) return unchanged(withRecent(connector, { ...ended, missingSeqNos: missing }));
  const flags = ended.record.flags.filter((flag) => flag !== 'seqGap');
  return amendedRecord(connector, ended, { flags }, context);
};
