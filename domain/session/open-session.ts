import { LATE_AFTER_MS, SECOND_MS } from '../kernel/durations.ts';
import type { SessionFlag } from '../kernel/ended-session.ts';
import type { EventContext } from '../kernel/event-context.ts';
import type { TransactionProgress } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { ActiveSession } from './active-session.ts';

/**
 * Id of a session: unique over all stations and times, although chargers use their transaction ids again. A station's identity
 * may hold dots, and a charger of 2.x chooses its transaction ids: one with a dot stands behind a slash, which no identity
 * holds, so that it makes no id of another station's session.
 */
const sessionIdOf = (stationId: string, transactionId: string, startedAt: number): string => {
  const separator = transactionId.includes('.') ? '/' : '.';
  return `${stationId}${separator}${transactionId}.${Math.floor(startedAt / SECOND_MS).toString(36)}`;
};

/** What the first message of a transaction tells. `transactionId` is unique per station at best. */
export type Opening = {
  readonly transactionId: string;
  readonly meterStartWh?: number;
  readonly meterRefused?: true;
} & TransactionProgress;

/** The session a first message opens, whatever kind of message it is. */
export const openSession = (context: EventContext, opening: Opening, flags: readonly SessionFlag[]): ActiveSession => {
  const { transactionId, meterStartWh, meterRefused, tag, tagVerdict, chargingState, seqNo, offline, remoteStartId } =
    opening;
  const isLate = offline === true || context.receivedAt - context.at > LATE_AFTER_MS;
  return {
    sessionId: sessionIdOf(context.stationId, transactionId, context.at),
    transactionId,
    startedAt: context.at,
    energyWh: 0,
    curve: [[0, 0]],
    flags: [
      ...flags,
      ...(isLate ? (['lateArrival'] as const) : []),
      ...(tagVerdict ? (['tagRefused'] as const) : []),
      ...(meterRefused ? (['meterSuspect'] as const) : []),
    ],
    ...omitUndefined({
      ...{ tag, meterStartWh, chargingState, seqNo, remoteStartId },
      refusal: tagVerdict && { verdict: tagVerdict, ...omitUndefined({ tag }) },
    }),
  };
};
