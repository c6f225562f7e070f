import { HARDLY_OFF_MS, LONGEST_GAP_MS, MINUTE_MS, SECOND_MS } from '../kernel/durations.ts';
import type { Curve, EndedSession, SessionFlag, TimesOnRecord } from '../kernel/ended-session.ts';
import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { SessionStopped, StopReason } from '../kernel/fact.ts';
import type { Minute } from '../kernel/minute.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { PendingChange } from '../kernel/transition.ts';
import { type ActiveSession, type MeteredSession, meterSuspected } from './active-session.ts';
import { finalEnergy } from './final-energy.ts';
import { closedCurve, roundWh, secondsIn } from './meter-curve.ts';
import { believedAt, longestSince, stampedApartMs } from './metered-energy.ts';
import type { RecentSession } from './recent-session.ts';
import { plausibleWh } from './register.ts';
import { advanced, minuteClosed, minuteOf, minutesCorrected } from './session-minutes.ts';

/** What ends a session: the charger's word, or our inference (`isInferred`) from its silence. */
export type Ending = {
  readonly meterStopWh?: number;
  readonly meterRefused?: true;
  readonly reason: StopReason;
  readonly vendorReason?: string;
  readonly tag?: string;
  readonly seqNo?: number;
  /** The charger's own stamp, where the session does not end at it, ms since the epoch. */
  readonly stampedAt?: number;
  readonly isInferred?: boolean;
};

/** What a stop says about the end of its session. */
export const endingOf = (stop: SessionStopped): Ending => {
  const { meterStopWh, meterRefused, reason, vendorReason, tag, seqNo, stampedAt } = stop;
  return { reason, ...omitUndefined({ meterStopWh, meterRefused, vendorReason, tag, seqNo, stampedAt }) };
};

export type Ended = {
  readonly record: EndedSession;
  readonly recent: RecentSession;
  readonly changes: readonly PendingChange[];
};

/** The last reading may be stamped a moment after the stop it belongs to. */
const END_TOLERANCE_MS = MINUTE_MS;

/** Readings from after the end of a session are another's: it is held against those before. */
export const readUntil = ({ startedAt, curve, energyWh }: ActiveSession, endedAt: number): MeteredUntil => {
  const beyond = curve.findIndex(([sec]) => startedAt + sec * SECOND_MS > endedAt + END_TOLERANCE_MS);
  return beyond === -1
    ? { energyWh, later: [] }
    : { energyWh: curve[beyond - 1]?.[1] ?? 0, later: curve.slice(beyond) };
};
type MeteredUntil = { readonly energyWh: number; readonly later: Curve };

/** A register that counts in steps this large may stand still while a little flows. */
const COARSEST_STEP_WH = 1000;
const STOOD_STILL = 'the register stood still while power was reported';

/**
 * How much longer than is known a session may have lasted whose start counts from its receipt, ms: as a queue comes within
 * moments, and its stamps lie further apart, but not absurdly far.
 */
export const unseenMs = (
  { startedAt, startStampedAt, queuedMs = 0 }: ActiveSession,
  endedAt: number,
  { stampedAt }: Pick<Ending, 'stampedAt'>,
): number => {
  if (startStampedAt === undefined) return 0;
  if (stampedAt === undefined) return queuedMs;
  const stampedMs = stampedAt - startStampedAt;
  return stampedMs <= LONGEST_GAP_MS ? Math.max(0, stampedMs - (endedAt - startedAt)) : 0;
};

/**
 * The energy of a session that ends at `end.at`: by the register of its end where that can be believed, else as its readings
 * told it. `isMetered`: by the registers of both ends instead of what the readings added up to, whose curve is stretched to it.
 */
const energyAtEnd = (
  session: ActiveSession,
  { at: endedAt, receivedAt }: Pick<EventContext, 'at' | 'receivedAt'>,
  ratedW: number,
  ending: Ending,
) => {
  const { register, meterStartWh } = session;
  const { energyWh, later } = readUntil(session, endedAt);
  // An estimate from power is not held against a meter that was read at both ends.
  const isEstimate = session.flags.includes('energyEstimated') && meterStartWh !== undefined;
  // OCPP 1.6 wants a register of every start and stop: a charger that has none says 0.
  const isWithoutRegister = isEstimate || register === undefined;
  if (isWithoutRegister && meterStartWh === 0 && ending.meterStopWh === 0) return { energyWh, isMetered: false };
  const heldWh = isEstimate ? 0 : energyWh;
  const sinceAt = isEstimate || later.length > 0 ? session.startedAt : believedAt(session);
  const apartMs = stampedApartMs(session, ending.stampedAt) ?? 0;
  const gainWh = plausibleWh(ratedW, Math.max(apartMs, longestSince(session, sinceAt, { at: endedAt, receivedAt })));
  const known = {
    energyWh: heldWh,
    gainWh,
    gainSinceRiseWh: gainWh,
    isFirst: register === undefined,
    atBegin: false,
    ...omitUndefined({ register, meterStartWh }),
  };
  const moreMs = unseenMs(session, endedAt, ending);
  const lostMs = Math.max(moreMs, session.queuedMs ?? 0);
  const final = finalEnergy(known, ending.meterStopWh, {
    wholeWh: plausibleWh(ratedW, endedAt - session.startedAt + moreMs),
    lostWh: lostMs > HARDLY_OFF_MS ? plausibleWh(ratedW, lostMs) : 0,
  });
  const isMetered = isEstimate && ending.meterStopWh !== undefined && final.suspect === undefined;
  const finalWh = isEstimate && !isMetered ? energyWh : final.energyWh;
  const hasStoodStill = isMetered && ending.meterStopWh === meterStartWh && energyWh >= COARSEST_STEP_WH;
  return {
    ...final,
    energyWh: finalWh,
    isMetered: isMetered || final.isRescaled === true,
    ...(hasStoodStill ? { suspect: STOOD_STILL } : {}),
  };
};

const flagsAfter = (
  session: ActiveSession,
  ending: Ending,
  isAmendment: boolean,
  isMetered: boolean,
): SessionFlag[] => {
  const gone: SessionFlag[] = ['inferredStop', ...(isMetered ? (['energyEstimated'] as const) : [])];
  const kept = session.flags.filter((flag) => !gone.includes(flag));
  const added: SessionFlag[] = [
    ...(ending.isInferred ? (['inferredStop'] as const) : []),
    ...(isAmendment ? (['lateArrival'] as const) : []),
  ];
  return [...new Set([...kept, ...added])];
};

/** The curve of an estimated session, stretched to the energy the meter showed in the end. */
const stretched = ({ curve, energyWh: estimatedWh }: ActiveSession, energyWh: number): ActiveSession['curve'] =>
  estimatedWh > 0 ? curve.map(([sec, wh]) => [sec, roundWh((wh * energyWh) / estimatedWh)] as const) : curve;

/**
 * Ends a session: its record, its last minutes, and what is remembered of it. Its duration is never negative: a stop
 * stamped before the start ends it at its start. Minutes that do not follow
 * from its curve are told again from it, as are those of a session of the past, which had none yet. `before` is what was told
 * of its end until now, which turned out to be wrong: the change tells from when to when the session was on record.
 */
export const endSession = (
  metered: MeteredSession,
  context: EventContext,
  ratedW: number,
  ending: Ending,
  before: TimesOnRecord | undefined,
  rev: number,
): Ended => {
  const endedAt = Math.max(metered.session.startedAt, context.at);
  const final = energyAtEnd(metered.session, { ...context, at: endedAt }, ratedW, ending);
  const refused = ending.meterRefused ? 'meterStop cannot be true' : undefined;
  const suspected = meterSuspected(metered.session, context, final.suspect ?? refused);
  const session = suspected.next;
  const { sessionId, transactionId, startedAt, meterStartWh } = session;
  const { meterStopWh, reason, vendorReason, seqNo } = ending;
  const energyWh = roundWh(final.energyWh);
  const points = final.isMetered ? stretched(session, energyWh) : session.curve;
  const curve = closedCurve(points, secondsIn(startedAt, endedAt), energyWh);
  const record: EndedSession = {
    sessionId,
    stationId: context.stationId,
    evseId: context.evseId,
    connectorId: context.connectorId,
    transactionId,
    startedAt,
    endedAt,
    energyWh,
    reason,
    curve,
    flags: flagsAfter(session, ending, before !== undefined, final.isMetered),
    rev,
    ...omitUndefined({ tag: session.tag ?? ending.tag, meterStartWh, meterStopWh, vendorReason }),
  };
  const { minute } = metered;
  const isToldAgain = minute === undefined || isOutdated(metered, endedAt, final.isMetered);
  return {
    record,
    recent: {
      sessionId,
      transactionId,
      startedAt,
      endedAt,
      ...omitUndefined({ meterStopWh, seqNo: seqNo ?? session.seqNo }),
      ...(ending.isInferred
        ? { phase: 'inferred', session, ...omitUndefined({ minute }) }
        : {
            phase: 'told',
            record,
            ...(isToldAgain ? { minutesFromCurve: true } : {}),
            ...omitUndefined({
              register: session.register,
              toleranceWh: session.toleranceWh,
              times: session.times,
              missingSeqNos: session.missingSeqNos,
              startUnknown: session.startUnknown,
            }),
          }),
    },
    changes: [
      ...suspected.changes,
      ...(isToldAgain ? allMinutes(record, session, context) : lastMinutes(minute, record, context)),
      { ...contextFields(context), at: endedAt, ...endTold(record, before) },
    ],
  };
};

/** The first end that is told of a session, or the correction of one that was inferred. */
const endTold = (session: EndedSession, before: TimesOnRecord | undefined) =>
  before === undefined
    ? ({ type: 'SessionEnded', session } as const)
    : ({ type: 'SessionAmended', session, before: { startedAt: before.startedAt, endedAt: before.endedAt } } as const);

/** Minutes of a running session follow from its readings; they are told again where the record says otherwise. */
const isOutdated = ({ session }: MeteredSession, endedAt: number, isStretched: boolean): boolean =>
  isStretched || session.minutesOutdated === true || (session.sampledAt ?? 0) > endedAt;

const allMinutes = (record: EndedSession, { sampledAt }: ActiveSession, context: EventContext) => {
  const lastAt = Math.max(record.endedAt, record.startedAt + 1, (sampledAt ?? 0) + 1);
  return minutesCorrected(record, record.startedAt, lastAt, context);
};

const lastMinutes = (minute: Minute, record: EndedSession, context: EventContext): readonly PendingChange[] => {
  const { sessionId, endedAt, energyWh } = record;
  const isReached = energyWh === minute.registerWh && minuteOf(endedAt) <= minute.startAt;
  if (isReached) return minuteClosed(minute, context);
  const last = advanced(minute, sessionId, { ...context, at: Math.max(endedAt, minute.registerAt ?? 0) }, { energyWh });
  return [...last.changes, ...minuteClosed({ ...last.next, samples: last.next.samples - 1 }, context)];
};
