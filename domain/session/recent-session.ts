import type { EndedSession } from '../kernel/ended-session.ts';
import type { Minute } from '../kernel/minute.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { ActiveSession } from './active-session.ts';
import type { ReadingTimes } from './reading-times.ts';
import type { Register } from './register.ts';

/** An end that was inferred: the session is kept whole, because messages of the real end may still come and amend the record. */
export type InferredEnd = {
  readonly phase: 'inferred';
  readonly session: ActiveSession;
  /** The minute that was open then: a live session that turns out to go on continues in it. */
  readonly minute?: Minute;
};

/** An end the charger told. The record is kept until the next session begins: late readings still amend it. */
export type ToldEnd = {
  readonly phase: 'told';
  readonly record: EndedSession;
  /** How the register was read. */
  readonly register?: Register;
  /** The curve was thinned out: what it may be off by, Wh. */
  readonly toleranceWh?: number;
  /** When its meter was read. */
  readonly times?: ReadingTimes;
  /** Its minutes were told from its curve, not reading by reading. */
  readonly minutesFromCurve?: true;
  /** Sequence numbers that no message had until its end, where they are few: once they came, the record has no gap. */
  readonly missingSeqNos?: readonly number[];
  /** Only a later message of the session was known: its start may still come. */
  readonly startUnknown?: true;
};

/** An end that is history: enough is kept to recognise repeats. */
export type SettledEnd = { readonly phase: 'settled' };

/** What a connector remembers of its last sessions, to recognise repeats, late messages and stops without an id. */
export type RecentSession = {
  readonly sessionId: string;
  readonly transactionId: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly meterStopWh?: number;
  readonly seqNo?: number;
} & (InferredEnd | ToldEnd | SettledEnd);

/** The session as it is remembered once another one has begun. One whose start or tag may still come waits for it. */
export const settled = (recent: RecentSession): RecentSession => {
  if (recent.phase !== 'told') return recent;
  const { sessionId, transactionId, startedAt, endedAt, meterStopWh, seqNo, record, startUnknown } = recent;
  if (startUnknown || record.flags.includes('orphan') || record.tag === undefined) return recent;
  return { phase: 'settled', sessionId, transactionId, startedAt, endedAt, ...omitUndefined({ meterStopWh, seqNo }) };
};
