import { LATE_AFTER_MS, SECOND_MS } from '../kernel/durations.ts';
import type { SessionFlag } from '../kernel/ended-session.ts';
import type { EventContext } from '../kernel/event-context.ts';
import type { SessionStarted, TransactionProgress } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { type ActiveSession, flagged } from './active-session.ts';
import { roundWh, secondsIn } from './meter-curve.ts';
import { plausibleWh } from './register.ts';

/** Id of a session: unique over all stations and times, although chargers use their transaction ids again. */
export const sessionIdOf = (stationId: string, transactionId: string, startedAt: number): string =>
  `${stationId}.${transactionId}.${Math.floor(startedAt / SECOND_MS).toString(36)}`;

/** What the first message of a transaction tells. `transactionId` is unique per station at best. */
export type Opening = { readonly transactionId: string; readonly meterStartWh?: number } & TransactionProgress;

/** The session a first message opens, whatever kind of message it is. */
export const openSession = (context: EventContext, opening: Opening, flags: readonly SessionFlag[]): ActiveSession => {
  const { transactionId, meterStartWh, tag, tagVerdict, chargingState, seqNo, offline } = opening;
  const isLate = offline === true || context.receivedAt - context.at > LATE_AFTER_MS;
  return {
    sessionId: sessionIdOf(context.stationId, transactionId, context.at),
    transactionId,
    startedAt: context.at,
    energyWh: 0,
    curve: [[0, 0]],
    flags: [...flags, ...(isLate ? (['lateArrival'] as const) : []), ...(tagVerdict ? (['tagRefused'] as const) : [])],
    ...omitUndefined({ tag, meterStartWh, chargingState, seqNo }),
  };
};

/** Energy between the register of the start and the first reading that was known, if it can have been delivered. */
const missedWh = ({ register, startedAt }: ActiveSession, fact: SessionStarted, at: number, ratedW: number): number => {
  const { meterStartWh } = fact;
  if (meterStartWh === undefined || register === undefined || register.factor !== 1 || register.carriedWh !== 0)
    return 0;
  const missed = roundWh(register.zeroWh - meterStartWh);
  return missed > 0 && missed <= plausibleWh(ratedW, startedAt - at) ? missed : 0;
};

/**
 * A session that was known from a later message on, once its start is told: it begins then, and what it delivered before is
 * part of it. `at` is the time of the start.
 */
export const withEarlierStart = (
  session: ActiveSession,
  fact: SessionStarted,
  at: number,
  ratedW: number,
): ActiveSession => {
  const { startUnknown: _, ...known } = session;
  const { tag = session.tag, meterStartWh = session.meterStartWh } = fact;
  const learned = { ...known, ...omitUndefined({ tag, meterStartWh }) };
  const judged = fact.tagVerdict ? flagged(learned, 'tagRefused') : learned;
  if (at >= session.startedAt) return judged;
  const wh = missedWh(session, fact, at, ratedW);
  const sec = secondsIn(at, session.startedAt);
  const { register } = session;
  return {
    ...judged,
    startedAt: at,
    energyWh: roundWh(session.energyWh + wh),
    ...(register && wh > 0 ? { register: { ...register, zeroWh: roundWh(register.zeroWh - wh) } } : {}),
    curve: [[0, 0], ...session.curve.map(([atSec, energyWh]) => [atSec + sec, roundWh(energyWh + wh)] as const)],
  };
};
