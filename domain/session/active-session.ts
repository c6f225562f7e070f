import type { SessionFlag } from '../kernel/ended-session.ts';
import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { ChargingState, TagRefusal } from '../kernel/fact.ts';
import type { Minute } from '../kernel/minute.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { type Transition, unchanged } from '../kernel/transition.ts';
import type { MeterCurve } from './meter-curve.ts';
import type { Register } from './register.ts';
import type { Conductors } from './used-conductors.ts';

/** The open session of a connector, inside the connector's item. */
export type ActiveSession = {
  readonly sessionId: string;
  readonly transactionId: string;
  readonly tag?: string;
  readonly startedAt: number;
  /** The charger's own stamp of the message that opened it, where it does not count from that, ms since the epoch. */
  readonly startStampedAt?: number;
  /** The charger's own stamp of its latest reading that does not count from that, ms since the epoch. */
  readonly readStampedAt?: number;
  /** How much longer than is known its readings may have been apart, since those of a queue count from their receipt, ms. */
  readonly queuedMs?: number;
  /** A later message opened the session; its start may still come. */
  readonly startUnknown?: true;
  readonly meterStartWh?: number;
  readonly register?: Register;
  /** Delivered so far, Wh. Never negative, never falls. */
  readonly energyWh: number;
  /** `energyWh` at the end of the last interval, where the meter tells intervals instead of a register. */
  readonly intervalsWh?: number;
  readonly powerW?: number;
  readonly currentA?: number;
  readonly voltageV?: number;
  /** What its car draws from by the last reading that tells, where fewer than three: a car with one phase. */
  readonly conductors?: Conductors;
  readonly socPercent?: number;
  readonly temperatureC?: number;
  readonly offeredW?: number;
  /** Event time of the last sample taken into account. */
  readonly sampledAt?: number;
  /** What power must have delivered in the session so far, Wh: what the register is held against. */
  readonly integratedWh?: number;
  /** Smoothed distance between samples, ms: a silent meter is silent relative to this. */
  readonly sampleIntervalMs?: number;
  /** Event time at which `energyWh` last grew. */
  readonly deliveredAt?: number;
  readonly chargingState?: ChargingState;
  /** The request to start that it follows from, by its own word (OCPP 2.x). */
  readonly remoteStartId?: number;
  readonly seqNo?: number;
  /** Sequence numbers that no message had yet, where they are few: once they came, the session has no gap. */
  readonly missingSeqNos?: readonly number[];
  /** How far its station's clock was behind when last a stamp of the session could not be true, ms. */
  readonly clockBehindMs?: number;
  /** How far ahead of their receipt its stamps were at most, where these are not believed, ms: so far is the clock. */
  readonly clockAheadMs?: number;
  /** How far ahead of their receipt the stamps that are believed were at most, where by more than a minute, ms. */
  readonly stampsAheadMs?: number;
  /** Some minutes told so far do not follow from the curve: all of them are told again at the end. */
  readonly minutesOutdated?: true;
  /** Why it is flagged `tagRefused`. A session that was refused and delivers nothing is none in the end. */
  readonly refusal?: Refusal;
  readonly flags: readonly SessionFlag[];
} & MeterCurve;

/** That a tag was refused, and why. */
export type Refusal = { readonly verdict: TagRefusal; readonly tag?: string };

/** A session with its open minute. A session that belongs to the past has none: its minutes are derived when it ends. */
export type MeteredSession = { readonly session: ActiveSession; readonly minute?: Minute };

/** Flags with one more; the same flags if it is among them. */
export const withFlag = (flags: readonly SessionFlag[], flag: SessionFlag): readonly SessionFlag[] =>
  flags.includes(flag) ? flags : [...flags, flag];

/** The session with one more flag; the same session if it has it already. */
export const flagged = (session: ActiveSession, flag: SessionFlag): ActiveSession =>
  session.flags.includes(flag) ? session : { ...session, flags: withFlag(session.flags, flag) };

/** The session after its tag was refused; the same session if it has one, or one was refused before. */
export const withRefusal = (session: ActiveSession, refusal: Refusal): ActiveSession =>
  session.refusal === undefined && session.tag === undefined
    ? { ...flagged(session, 'tagRefused'), ...omitUndefined({ tag: refusal.tag }), refusal }
    : session;

/** The session after a tag was accepted: whatever was refused before, it is its driver's now. */
export const withAcceptedTag = (session: ActiveSession, tag: string): ActiveSession => {
  const { refusal: _, ...accepted } = session;
  return { ...accepted, tag, flags: session.flags.filter((flag) => flag !== 'tagRefused') };
};

/** Why a meter is suspected that showed a register no meter can show. */
export const REGISTER_REFUSED = 'a register was told that no meter can show';

/** Flags a session whose meter is not to be trusted; the change is emitted once per session. */
export const meterSuspected = (
  session: ActiveSession,
  context: EventContext,
  why: string | undefined,
): Transition<ActiveSession> => {
  if (why === undefined || session.flags.includes('meterSuspect')) return unchanged(session);
  const { sessionId } = session;
  return {
    next: flagged(session, 'meterSuspect'),
    changes: [{ type: 'MeterSuspected', ...contextFields(context), sessionId, why }],
  };
};

/** Where more messages are missing, it is not noted which: chargers keep no more in disorder. */
const MOST_MISSING = 20;

/** The session with `seqGap` and what is missing; without a list where that is not known any more. */
const withMissing = (session: ActiveSession, missing: readonly number[]): ActiveSession => {
  const { missingSeqNos, ...known } = session;
  if (missing.length === 0) return { ...known, flags: session.flags.filter((flag) => flag !== 'seqGap') };
  const isNoted = missing.length <= MOST_MISSING;
  return { ...flagged(known, 'seqGap'), ...(isNoted ? { missingSeqNos: missing } : {}) };
};

/**
 * The session after a message with this sequence number, which may leave a gap or fill one; the same session if it is told
 * again.
 */
export const withSeqNo = (session: ActiveSession, seqNo: number | undefined): ActiveSession => {
  const { seqNo: last, missingSeqNos: missing, flags } = session;
  if (seqNo === undefined) return session;
  if (last !== undefined && seqNo <= last)
    return missing?.includes(seqNo)
      ? withMissing(
          session,
          missing.filter((other) => other !== seqNo),
        )
      : session;
  const next = { ...session, seqNo };
  const count = last === undefined ? 0 : seqNo - last - 1;
  if (last === undefined || count === 0) return next;
  if (count > MOST_MISSING || (missing === undefined && flags.includes('seqGap'))) {
    const { missingSeqNos: _, ...unnoted } = next;
    return flagged(unnoted, 'seqGap');
  }
  return withMissing(next, [...(missing ?? []), ...Array.from({ length: count }, (_, index) => last + 1 + index)]);
};
