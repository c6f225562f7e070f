import { type Connector, recentOf, slotOf } from '../connector/connector.ts';
import { orphanOf } from '../connector/orphan-stop.ts';
import { authorizationRefused } from '../connector/refused-start.ts';
import { isUnusedRecord } from '../connector/withdrawn-session.ts';
import type { EventContext } from '../kernel/event-context.ts';
import type { Fact, SessionStopped } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { type Transition, unchanged } from '../kernel/transition.ts';
import { endingOf, endSession } from '../session/end-session.ts';
import { openSession } from '../session/open-session.ts';
import type { RecentSession, ToldEnd } from '../session/recent-session.ts';
import type { StationAggregate } from './station-aggregate.ts';
import type { StationState, UnplacedFact } from './station-state.ts';

const REMEMBERED = 4;
/** With more readings of one transaction than this, every second one is let go. */
const MOST_READINGS = 60;
/** A station has no rating of its own. */
const RATED_W = 0;

/** A session that ended without a word of where it was. */
export type UnplacedEnd = RecentSession & ToldEnd;

const isTold = (ended: RecentSession): ended is UnplacedEnd => ended.phase === 'told';

/** Facts of a transaction that did not say where it was, if the station keeps any: its start first, the others by time. */
export const unplacedFacts = ({ station }: StationAggregate, transactionId: string): readonly UnplacedFact[] =>
  (station.state?.unplaced ?? []).filter((fact) => fact.transactionId === transactionId);

/** The station without the facts of a transaction that has found its place. */
export const withoutUnplacedFacts = (state: StationState, transactionId: string): StationState => {
  const { unplaced, ...rest } = state;
  const others = unplaced?.filter((fact) => fact.transactionId !== transactionId) ?? [];
  return others.length > 0 ? { ...rest, unplaced: others } : rest;
};

const isSame = (one: UnplacedFact) => (other: UnplacedFact) =>
  one.type === other.type && one.at === other.at && one.seqNo === other.seqNo;

/** Only what may be needed of a reading is kept. */
const kept = (fact: UnplacedFact): UnplacedFact => {
  if (fact.type !== 'MeterSampled') return fact;
  const { context, energyWh, powerW, socPercent, registerRefused } = fact.reading;
  return { ...fact, reading: { context, ...omitUndefined({ energyWh, powerW, socPercent, registerRefused }) } };
};

const inOrder = (a: UnplacedFact, b: UnplacedFact): number =>
  Number(b.type === 'SessionStarted') - Number(a.type === 'SessionStarted') || a.at - b.at;

const thinned = (facts: readonly UnplacedFact[]): readonly UnplacedFact[] => {
  const readings = facts.filter(({ type }) => type === 'MeterSampled');
  if (readings.length <= MOST_READINGS) return facts;
  return facts.filter((fact) => fact.type !== 'MeterSampled' || readings.indexOf(fact) % 2 === 0);
};

/** The station keeping a fact until a later message tells where it was. A repeat is kept once. */
export const withUnplacedFact = (state: StationState, fact: UnplacedFact): StationState => {
  const { transactionId } = fact;
  const all = state.unplaced ?? [];
  const own = all.filter((other) => other.transactionId === transactionId);
  if (own.some(isSame(fact))) return state;
  const others = Map.groupBy(withoutUnplacedFacts(state, transactionId).unplaced ?? [], (other) => other.transactionId);
  const newest = [...others.values()].slice(0, REMEMBERED - 1);
  return { ...state, unplaced: [...thinned([...own, kept(fact)].sort(inOrder)), ...newest.flat()] };
};

/** A fact of a transaction. */
type OfTransaction = Fact & { readonly transactionId: string };

/**
 * The stop, kept by the station, of the session a fact belongs to: it fitted no connector while only it was known. A start
 * has its id, or what its meters and tag say; any other message its id.
 */
export const unplacedStopOf = (
  { station, connectors }: StationAggregate,
  key: Pick<Connector, 'evseId' | 'connectorId'>,
  fact: OfTransaction,
): UnplacedEnd | undefined => {
  const { transactionId, at } = fact;
  const ended = (station.state?.orphans ?? []).filter(isTold);
  const isKnown = connectors.some(
    (connector) => slotOf(connector, transactionId) ?? recentOf(connector, transactionId),
  );
  const own = connectors.find(({ evseId, connectorId }) => evseId === key.evseId && connectorId === key.connectorId);
  if (own === undefined || isKnown) return undefined;
  const meant = fact.type === 'SessionStarted' ? orphanOf(own, fact, ended) : undefined;
  return meant ?? ended.find((one) => one.transactionId === transactionId && at <= one.endedAt);
};

/** The station without an ended session that has found its connector. */
export const withoutUnplacedEnd = (state: StationState, { sessionId }: UnplacedEnd): StationState => ({
  ...state,
  orphans: state.orphans?.filter((orphan) => orphan.sessionId !== sessionId) ?? [],
});

/** A stop that fits no connector: a session of the station (0/0), told once however often the stop comes. */
export const unplacedSessionEnded = (state: StationState, fact: SessionStopped): Transition<StationState> => {
  const { stationId } = state;
  const transactionId = fact.transactionId ?? `unknown-${fact.at.toString(36)}`;
  const known = state.orphans ?? [];
  if (known.some((orphan) => orphan.transactionId === transactionId && orphan.endedAt === fact.at))
    return unchanged(state);
  const context: EventContext = { stationId, evseId: 0, connectorId: 0, at: fact.at, receivedAt: fact.receivedAt };
  const told = state.unplaced?.filter((one) => one.transactionId === transactionId) ?? [];
  const start = told.find((one) => one.type === 'SessionStarted');
  const { meterRefused: _, ...opening } = fact;
  const session = start
    ? openSession({ ...context, at: start.at }, start, [])
    : openSession(context, { ...opening, transactionId }, ['orphan']);
  const { recent, changes } = endSession({ session }, context, RATED_W, endingOf(fact), undefined, state.rev + 1);
  if (recent.phase === 'told' && session.refusal && isUnusedRecord(recent, session.refusal.tag)) {
    const { verdict, tag } = session.refusal;
    const refused = { transactionId, ...omitUndefined({ tag }) };
    return { next: state, changes: [authorizationRefused(refused, verdict, { ...context, at: session.startedAt })] };
  }
  return { next: { ...state, orphans: [recent, ...known].slice(0, REMEMBERED) }, changes };
};
