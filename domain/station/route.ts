import type { Connector } from '../connector/connector.ts';
import { isStartOfRefused } from '../connector/refused-start.ts';
import type { EvseRef, Fact, SessionStopped } from '../kernel/fact.ts';
import { isSameTag } from '../kernel/is-same-tag.ts';
import type { ActiveSession } from '../session/active-session.ts';
import { unseenMs } from '../session/end-session.ts';
import { believedAt, longestSince } from '../session/metered-energy.ts';
import { energyBy, plausibleWh, STEP_WH } from '../session/register.ts';
import type { StationAggregate } from './station-aggregate.ts';

/** Where on the station a fact belongs. `byContent` marks a decision that rested on several connectors' states. */
export type Route =
  | { readonly to: 'station' }
  | {
      readonly to: 'connector';
      readonly evseId: number;
      readonly connectorId: number;
      readonly transactionId?: string;
      readonly byContent?: true;
    }
  | { readonly to: 'nowhere'; readonly byContent: true };

const at = ({ evseId, connectorId }: Pick<Connector, 'evseId' | 'connectorId'>): Route => ({
  to: 'connector',
  evseId,
  connectorId,
});

/** When the connector's transaction of this name began: its open session, one that ended, or a start that was refused. */
const beginningsOf = ({ session, past, recent, refused = [] }: Connector, transactionId: string): number[] => [
  ...[session, past, ...recent].flatMap((own) => (own?.transactionId === transactionId ? [own.startedAt] : [])),
  ...refused.flatMap((start) => (start.transactionId === transactionId ? [start.at] : [])),
];

/** The connector of a transaction: with its open session, else the one where a transaction of this name last began. */
const holding = (connectors: readonly Connector[], transactionId: string): Connector | undefined =>
  connectors.find(({ session, past }) => [session, past].some((open) => open?.transactionId === transactionId)) ??
  connectors
    .map((connector) => ({ connector, beganAt: Math.max(...beginningsOf(connector, transactionId)) }))
    .filter(({ beganAt }) => Number.isFinite(beganAt))
    .sort((a, b) => b.beganAt - a.beganAt)[0]?.connector;

const newestFirst = (a: Connector, b: Connector): number => (b.report?.at ?? 0) - (a.report?.at ?? 0);

/** The connector of an EVSE that is in use: the one with a session, else the one that last said it is not free. */
const inUse = (connectors: readonly Connector[]): Connector | undefined =>
  connectors.find(({ session }) => session !== undefined) ??
  connectors
    .filter(({ report }) => report !== undefined && report.status !== 'available' && report.status !== 'unavailable')
    .sort(newestFirst)[0];

/** The only connector of the EVSE, the one with the transaction, or by all that is known the one in use. */
const onEvse = (connectors: readonly Connector[], evseId: number, transactionId: string | undefined): Route => {
  const own = connectors.filter((connector) => connector.evseId === evseId);
  const [first, ...others] = own;
  if (first === undefined) return at({ evseId, connectorId: 1 });
  const holder = transactionId === undefined ? undefined : holding(own, transactionId);
  if (holder || others.length === 0) return at(holder ?? first);
  const { connectorId } = inUse(own) ?? first;
  return { to: 'connector', evseId, connectorId, byContent: true };
};

type Candidate = { readonly connector: Connector; readonly session: ActiveSession };

/** Every session a stop may mean: the open ones, and those whose end was our inference. */
const openSessions = (connector: Connector): readonly Candidate[] =>
  [
    connector.session,
    connector.past,
    ...connector.recent.map((recent) => (recent.phase === 'inferred' ? recent.session : undefined)),
  ].flatMap((session) => (session ? [{ connector, session }] : []));

/** Whether a stop is from after the start of a session: where neither counts from its own stamp, by the stamps of their clock, too. */
const isSinceStart = ({ startedAt, startStampedAt }: ActiveSession, { at, stampedAt }: SessionStopped): boolean =>
  at >= startedAt || (stampedAt !== undefined && startStampedAt !== undefined && stampedAt >= startStampedAt);

/**
 * Whether a stop without a known transaction may be the one of a session: by time, tag and meters. Without a tag, and under an
 * id nobody gave out, both meters have to be known. In OCPP 2.x the transaction's own id tells.
 */
const mayEnd = ({ session, connector }: Candidate, fact: SessionStopped): boolean => {
  if (!isSinceStart(session, fact) || fact.seqNo !== undefined) return false;
  const areMetersKnown = fact.meterStopWh !== undefined && session.meterStartWh !== undefined;
  const isOwn =
    fact.tag === undefined ? fact.transactionId === undefined || areMetersKnown : isSameTag(fact.tag, session.tag);
  if (!isOwn) return false;
  if (fact.meterStopWh === undefined || session.meterStartWh === undefined) return true;
  const deliveredWh = fact.meterStopWh - session.meterStartWh;
  const longestMs = longestSince(session, session.startedAt, fact) + unseenMs(session, fact.at, fact);
  return deliveredWh >= 0 && deliveredWh <= plausibleWh(connector.place.ratedW, longestMs);
};

/**
 * What flowed between the last reading of a session and a stop, Wh, if the register of the stop continues that of the
 * readings.
 */
const whSinceRead = (
  { session, connector }: Candidate,
  { at: stoppedAt, receivedAt, meterStopWh }: SessionStopped,
): number | undefined => {
  const { register, energyWh } = session;
  if (register === undefined || meterStopWh === undefined) return undefined;
  const sinceAt = believedAt(session);
  if (stoppedAt < sinceAt) return undefined;
  const gainWh = plausibleWh(connector.place.ratedW, longestSince(session, sinceAt, { at: stoppedAt, receivedAt }));
  const sinceWh = energyBy(register, meterStopWh) - energyWh;
  return sinceWh >= -STEP_WH && sinceWh <= gainWh ? sinceWh : undefined;
};

/**
 * Sessions a stop fits, likeliest first: those whose readings it continues, by the least; those that were not read; those
 * whose readings it contradicts. The latest started of several alike.
 */
const byReadings =
  (fact: SessionStopped) =>
  (a: Candidate, b: Candidate): number => {
    const likelihood = (candidate: Candidate): number => {
      if (candidate.session.register === undefined) return 1;
      return whSinceRead(candidate, fact) === undefined ? 0 : 2;
    };
    return (
      likelihood(b) - likelihood(a) ||
      (whSinceRead(a, fact) ?? 0) - (whSinceRead(b, fact) ?? 0) ||
      b.session.startedAt - a.session.startedAt
    );
  };

/**
 * The session of a stop without a known transaction: the likeliest it fits. If it fits none, the only one of its tag, whose
 * register was reset, as a power cut does, which also makes chargers forget ids, if it continues that.
 */
const meantBy = (candidates: readonly Candidate[], fact: SessionStopped): Candidate | undefined => {
  const [fitting] = candidates.filter((candidate) => mayEnd(candidate, fact)).sort(byReadings(fact));
  const { tag, seqNo } = fact;
  if (fitting !== undefined || seqNo !== undefined || tag === undefined) return fitting;
  const [own, ...others] = candidates.filter(({ session }) => isSameTag(tag, session.tag));
  const isReset = own?.session.register !== undefined && own.session.register.carriedWh > 0;
  return isReset && others.length === 0 && whSinceRead(own, fact) !== undefined ? own : undefined;
};

/** The only connector there is, as far as the registry and the station tell. */
const onlyConnector = ({ connectors, station }: StationAggregate): Connector | undefined => {
  const isOne = connectors.length === 1 && (station.registration?.connectors.length ?? 0) <= 1;
  return isOne ? connectors[0] : undefined;
};

/** Whether a stop (OCPP 1.6) tells a register, and counts from its receipt: its repeats count from theirs. */
const isUnbelieved = ({ clock, meterStopWh, seqNo }: SessionStopped): boolean =>
  clock === 'receiver' && meterStopWh !== undefined && seqNo === undefined;

/** A stop without a known transaction: the session that ended just so, the one it means, or the only connector there is. */
const byContent = (aggregate: StationAggregate, fact: SessionStopped): Route => {
  const { connectors } = aggregate;
  const ended = connectors
    .flatMap((connector) => connector.recent.map((recent) => ({ connector, recent })))
    .filter(({ recent }) => recent.meterStopWh === fact.meterStopWh);
  const fitting = meantBy(connectors.flatMap(openSessions), fact);
  const repeated =
    ended.find(({ recent }) => recent.endedAt === fact.at) ??
    (fitting === undefined && isUnbelieved(fact) ? ended.find(({ recent }) => recent.endedAt < fact.at) : undefined);
  const transactionId = repeated?.recent.transactionId ?? fitting?.session.transactionId;
  const connector = repeated?.connector ?? fitting?.connector;
  if (connector === undefined || transactionId === undefined) {
    const only = onlyConnector(aggregate);
    if (only === undefined) return { to: 'nowhere', byContent: true };
    return { to: 'connector', evseId: only.evseId, connectorId: only.connectorId, byContent: true };
  }
  const { evseId, connectorId } = connector;
  return { to: 'connector', evseId, connectorId, transactionId, byContent: true };
};

const byTransaction = (aggregate: StationAggregate, fact: Fact, transactionId: string | undefined): Route => {
  const holder = transactionId === undefined ? undefined : holding(aggregate.connectors, transactionId);
  if (holder) return at(holder);
  if (fact.type === 'SessionStopped') return byContent(aggregate, fact);
  const only = onlyConnector(aggregate);
  return only ? at(only) : { to: 'nowhere', byContent: true };
};

/** What may say where on the station it is, and which transaction it is about. */
type Told = Fact & EvseRef & { readonly transactionId?: string; readonly seqNo?: number };

/** A transaction that is known on another connector than the one a message of it names. */
export type Mistaken = {
  readonly holder: Connector;
  readonly transactionId: string;
  readonly named: { readonly evseId: number; readonly connectorId: number };
};

/**
 * Whether a connector has the transaction of a message, or had it at its time. Ids are used again: a start is of another
 * transaction, unless that one's start is unknown, or it began no earlier.
 */
const has = ({ session, past, recent, refused = [] }: Connector, { type, at: toldAt }: Told, id: string): boolean => {
  const mayFollow = type !== 'SessionStarted';
  return (
    [session, past].some((open) => open?.transactionId === id && (mayFollow || open.startUnknown)) ||
    recent.some(
      (ended) =>
        ended.transactionId === id &&
        (toldAt <= ended.endedAt || (ended.phase === 'inferred' && (mayFollow || ended.session.startUnknown))),
    ) ||
    refused.some((start) => start.transactionId === id && (mayFollow || isStartOfRefused(start, toldAt)))
  );
};

/**
 * The other connector of the EVSE that has the transaction of a message (OCPP 2.x), where the one it names knows nothing of
 * it: messages before named only the EVSE.
 */
export const mistakenHolder = (connectors: readonly Connector[], fact: Told): Mistaken | undefined => {
  const { evseId, connectorId, transactionId, seqNo } = fact;
  if (evseId === undefined || !connectorId || transactionId === undefined || seqNo === undefined) return undefined;
  const holders = connectors.filter((connector) => connector.evseId === evseId && has(connector, fact, transactionId));
  const [holder] = holders;
  if (holder === undefined || holders.some((connector) => connector.connectorId === connectorId)) return undefined;
  return { holder, transactionId, named: { evseId, connectorId } };
};

/** Finds the connector a fact is about, where it is known already whether it names another one than its transaction has. */
export const routeBeside = (aggregate: StationAggregate, fact: Told, mistaken: Mistaken | undefined): Route => {
  const { evseId, connectorId, transactionId } = fact;
  if (evseId === 0 || (evseId === undefined && connectorId === 0)) return { to: 'station' };
  if (evseId !== undefined && connectorId !== undefined && connectorId > 0)
    return at(mistaken?.holder ?? { evseId, connectorId });
  if (evseId !== undefined) return onEvse(aggregate.connectors, evseId, transactionId);
  return byTransaction(aggregate, fact, transactionId);
};

/** Finds the connector a fact is about. A missing connectorId is never taken for 1 while the station's connectors are known. */
export const routeOf = (aggregate: StationAggregate, fact: Told): Route =>
  routeBeside(aggregate, fact, mistakenHolder(aggregate.connectors, fact));
