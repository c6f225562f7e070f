import { mean } from '../kernel/mean.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { type EventMetrics, eventMetrics, intervalHitPercent, reboundRatio } from './event-metrics.ts';
import { meterBeforeW, type SettlementBaseline, settlementBaseline, USUAL_CLAMP } from './settlement-baseline.ts';
import type { SignalCheck, SignalRecord, StationCounts } from './signal-record.ts';

/** A load over a minute, W. */
export type LoadMinute = { readonly startAt: number; readonly powerW: number };

/** What an event came to, beside what was asked. Powers W, energies Wh, times s after the start of the event. */
export type EventReport = {
  readonly signalId: string;
  readonly version: number;
  readonly startAt: number;
  /** When limits were lifted: the end, or before it. */
  readonly endAt: number;
  readonly askedW: number;
  readonly plannedW: number;
  /** By method. `frozen`: the load that was measured when the event was planned: what delivery is held against. */
  readonly baselinesW: {
    readonly frozen: number;
    /** Mean of the five minutes before. */
    readonly meterBefore?: number;
    /** Ten days of the same kind, adjusted to the day (CAISO 10-of-10). */
    readonly settlement?: SettlementBaseline;
  };
  readonly metrics: EventMetrics;
  readonly intervalHitPercent?: number;
  /** Mean load of the 15 minutes after the restore against the frozen baseline; of a site against the meter before. */
  readonly reboundRatio?: number;
  /** From the signal to the first station that was sent its limit, and to the last of the first round. */
  readonly firstSentSec?: number;
  readonly lastSentSec?: number;
  /** From the signal to the first station that accepted its limit. */
  readonly firstAcceptedSec?: number;
  readonly rounds: number;
  readonly stations: StationCounts;
  /** What was delivered, as it was seen. */
  readonly delivered: readonly { readonly at: number; readonly deliveredW: number }[];
  readonly endedAs: string;
};

export type ReportInput = {
  readonly record: SignalRecord;
  /** Since when its stations have been limited, by it or by events before it, ms since the epoch. */
  readonly limitedSinceAt: number;
  readonly checks: readonly SignalCheck[];
  /** The load of the zone or site, per minute: of the five minutes before anybody was limited, and of the fifteen after its end. */
  readonly minutes: readonly LoadMinute[];
  /** The same hours of the last days of the same kind without an event, with the hours of adjustment (-4 to -2 h). */
  readonly days: readonly { readonly eventMeanW: number; readonly adjustmentMeanW: number }[];
  /** Mean load of the day itself in the hours of adjustment. */
  readonly adjustmentMeanW?: number;
  /** From when on the response counts as settled, s after the start; half of a shorter event. */
  readonly settledAfterSec: number;
};

const INTERVAL_SEC = 300;
const BEFORE_MS = 300_000;

const settlementOf = ({ days, adjustmentMeanW }: ReportInput): SettlementBaseline | undefined => {
  const before = mean(days.map((day) => day.adjustmentMeanW));
  if (before === undefined || adjustmentMeanW === undefined) return undefined;
  return settlementBaseline({
    eligibleDaysW: days.map(({ eventMeanW }) => eventMeanW),
    adjustmentWindowMeanW: before,
    eventDayAdjustmentW: adjustmentMeanW,
    clamp: USUAL_CLAMP,
  });
};

const none: StationCounts = {
  asked: 0,
  paused: 0,
  refused: 0,
  silent: 0,
  randomised: 0,
  unreachable: 0,
  nonResponsive: 0,
  unknown: 0,
};

/**
 * The report of an event that is over. Delivery is the frozen baseline of the planned stations less what their meters said,
 * as of when they were read; the load of the whole zone or site, from the windows, gives the baselines by method and the rebound.
 */
export const eventReport = (input: ReportInput): EventReport | undefined => {
  const { record, limitedSinceAt: sinceAt, checks, minutes } = input;
  const { signal, figures, activatedAt, restoredAt, round, sentAt, firstAcceptedAt } = record;
  if (figures === undefined || activatedAt === undefined) return undefined;
  const endAt = Math.min(restoredAt ?? signal.endAt, signal.endAt);
  const sec = (at: number): number => (at - activatedAt) / 1_000;
  const event = {
    baselineW: figures.baselineW,
    targetW: figures.askedW,
    eventSec: Math.max(1, sec(endAt)),
    steadyFromSec: 0,
    holdSamples: 2,
    samples: [
      { atSec: 0, powerW: figures.baselineW },
      ...checks.map(({ at, measuredAt = at, deliveredW }) => ({
        atSec: sec(measuredAt),
        powerW: figures.baselineW - deliveredW,
      })),
    ],
  };
  const before = minutes.filter(({ startAt }) => startAt >= sinceAt - BEFORE_MS && startAt < sinceAt - 59_999);
  const zone = minutes.map(({ startAt, powerW }) => ({ atSec: sec(startAt), powerW }));
  const meterBefore = meterBeforeW(before.map(({ powerW }) => powerW));
  // The load of a site has chargers in it of which nothing is frozen, because nothing was known of them.
  const normalW = signal.kind === 'site-curtailment' ? meterBefore : figures.baselineW;
  const steadyFromSec = Math.min(input.settledAfterSec, event.eventSec / 2);
  return {
    signalId: signal.signalId,
    version: signal.version,
    startAt: activatedAt,
    endAt,
    askedW: figures.askedW,
    plannedW: figures.plannedW,
    baselinesW: { frozen: figures.baselineW, ...omitUndefined({ meterBefore, settlement: settlementOf(input) }) },
    metrics: eventMetrics({ ...event, steadyFromSec }),
    ...omitUndefined({
      intervalHitPercent: intervalHitPercent({ ...event, steadyFromSec }, INTERVAL_SEC),
      reboundRatio: normalW === undefined ? undefined : reboundRatio(zone, sec(endAt), normalW),
      firstSentSec: sentAt && (sentAt.first - signal.receivedAt) / 1_000,
      lastSentSec: sentAt && (sentAt.last - signal.receivedAt) / 1_000,
      firstAcceptedSec: firstAcceptedAt === undefined ? undefined : (firstAcceptedAt - signal.receivedAt) / 1_000,
    }),
    rounds: round,
    stations: record.stationCounts ?? none,
    delivered: checks.map(({ at, deliveredW }) => ({ at, deliveredW })),
    endedAs: record.endedAs ?? 'completed',
  };
};
