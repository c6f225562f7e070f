import type { SessionFlag } from '../kernel/ended-session.ts';
import type { EventContext } from '../kernel/event-context.ts';
import type { TransactionProgress } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { ActiveSession } from './session.ts';

/** Older than this on arrival, a session was told late (an offline queue), not live. */
const LATE_MS = 300_000;

/** Id of a session: unique over all stations and times, although chargers use their transaction ids again. */
export const sessionIdOf = (stationId: string, transactionId: string, startedAt: number): string =>
  `${stationId}.${transactionId}.${Math.floor(startedAt / 1000).toString(36)}`;

/** What a transaction's first message tells. `transactionId` is unique per station at best. */
export type Opening = { readonly transactionId: string; readonly meterStartWh?: number } & TransactionProgress;

/** The session a first message opens, whatever kind of message it is. */
export const openSession = (moment: EventContext, opening: Opening, flags: readonly SessionFlag[]): ActiveSession => {
  const { transactionId, meterStartWh, tag, tagVerdict, chargingState, seqNo, offline } = opening;
  const isLate = offline === true || moment.receivedAt - moment.at > LATE_MS;
  return {
    sessionId: sessionIdOf(moment.stationId, transactionId, moment.at),
    transactionId,
    startedAt: moment.at,
    energyWh: 0,
    curve: [[0, 0]],
    flags: [...flags, ...(isLate ? (['lateArrival'] as const) : []), ...(tagVerdict ? (['tagRefused'] as const) : [])],
    ...omitUndefined({ tag, meterStartWh, chargingState, seqNo }),
  };
};
