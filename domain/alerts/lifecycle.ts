import { DAY_MS } from '../kernel/durations.ts';
import type { Alert, ClearedAlert, OpenAlert, PendingAlert } from './alert.ts';
import { alertIdOf, conditionKey } from './alert-id.ts';
import { cleared, escalated, raised, rewritten } from './alert-transitions.ts';
import type { Evaluation, OccurrenceEvaluation, StateEvaluation } from './evaluation.ts';
import type { Finding, Occurrence } from './rule.ts';
import { isWorse, type Severity } from './severity.ts';
import type { Thresholds } from './thresholds.ts';
import { heldUntil, isIdle, withOccurrence } from './with-occurrence.ts';

/**
 * The life of an alert. Every function takes the condition's latest alert (if it ever had one) and returns what is to be
 * stored: the same reference when nothing is, undefined when a pending one has come to nothing.
 */
export const afterEvaluation = (alert: Alert | undefined, evaluation: Evaluation): Alert | undefined =>
  evaluation.kind === 'state' ? afterState(alert, evaluation) : afterOccurrence(alert, evaluation);

const afterState = (alert: Alert | undefined, evaluation: StateEvaluation): Alert | undefined => {
  if (alert && isStale(alert, evaluation)) return alert;
  const holding = alert !== undefined && alert.phase !== 'cleared';
  const finding = holding ? evaluation.whileHolding : evaluation.whileNot;
  if (finding) return conditionHolds(alert, evaluation, finding);
  return alert && conditionPassed(alert, evaluation);
};

/** Change streams keep their records for a day: what is older than that can only be an item that began anew (re-registered). */
const STREAM_RETENTION_MS = DAY_MS;

/** An image older than the one last evaluated. */
const isStale = (alert: Alert, { version, now }: StateEvaluation): boolean =>
  version < alert.version && (alert.phase !== 'cleared' || now - alert.cleared.at < STREAM_RETENTION_MS);

const conditionHolds = (alert: Alert | undefined, evaluation: StateEvaluation, finding: Finding): Alert => {
  const { now, dwellMs, version, thresholds } = evaluation;
  if (alert?.phase === 'open') return stillOpen(alert, evaluation, finding);
  // Cleared by hand while it held: the operator knows. It counts anew once it has been quiet.
  if (alert?.phase === 'cleared' && alert.holds) return alert;
  const latest = alert && mayReturn(alert, finding.since ?? now, evaluation) ? alert : undefined;
  const since = finding.since ?? latest?.pendingSince ?? now;
  const begun = latest ?? newAlert(evaluation, since, finding, alert);
  if (now >= since + dwellMs) return { ...raised(begun, now, finding, true, thresholds), version };
  if (latest?.pendingSince !== undefined) return latest;
  return rewritten({ ...begun, pendingSince: since, version });
};

const stillOpen = (alert: OpenAlert, evaluation: StateEvaluation, finding: Finding): OpenAlert => {
  const { now, version, thresholds, isNews } = evaluation;
  const severity = finding.severity ?? evaluation.rule.severity;
  const resumed = alert.holds ? alert : heldAgain(alert, now, version, thresholds);
  const reworded = { ...resumed, summary: finding.summary, detail: finding.detail, version };
  if (isWorse(severity, alert.severity)) return escalated({ ...reworded, severity }, now, 'worsened');
  return isNews && !isSameText(reworded, resumed) ? { ...reworded, rev: alert.rev + 1, outbox: [] } : resumed;
};

type Text = Pick<Alert, 'summary' | 'detail'>;

const isSameText = (a: Text, b: Text): boolean => {
  const names = Object.keys(a.detail);
  const isSameDetail =
    names.length === Object.keys(b.detail).length && names.every((name) => a.detail[name] === b.detail[name]);
  return a.summary === b.summary && isSameDetail;
};

type Quiet = OpenAlert & { readonly holds: false };

const heldAgain = (alert: Quiet, now: number, version: number, thresholds: Thresholds): OpenAlert =>
  rewritten({ ...startedAgain(alert, now, thresholds), holds: true, version });

const startedAgain = ({ quietSince: _, ...rest }: Quiet, now: number, { flapStarts }: Thresholds): Quiet => ({
  ...rest,
  starts: [...rest.starts, now].slice(-flapStarts),
});

const conditionPassed = (alert: Alert, { now, version, thresholds }: StateEvaluation): Alert | undefined => {
  switch (alert.phase) {
    case 'pending':
      return heldUntil(alert) > now ? alert : undefined;
    case 'cleared':
      return quietAfterEnd(alert, version);
    case 'open':
      if (!alert.holds) return alert;
      if (isFlapping(alert, now, thresholds)) return rewritten({ ...alert, holds: false, quietSince: now, version });
      if (heldUntil(alert) > now) return rewritten({ ...alert, holds: false, version });
      return { ...cleared(alert, now), version };
  }
};

/** A cleared alert whose condition is quiet at last, or quiet again before anyone was told of its return. */
const quietAfterEnd = (alert: ClearedAlert, version: number): ClearedAlert => {
  if (alert.holds) return rewritten({ ...alert, holds: false, version });
  if (alert.pendingSince === undefined) return alert;
  const { pendingSince: _, ...rest } = alert;
  return rewritten({ ...rest, version });
};

/** Started too often of late: it is held open and told as one, until it has been quiet for long enough. */
const isFlapping = ({ starts }: Alert, now: number, { flapStarts, flapWithinMs }: Thresholds): boolean =>
  starts.filter((start) => start > now - flapWithinMs).length >= flapStarts;

const afterOccurrence = (alert: Alert | undefined, evaluation: OccurrenceEvaluation): Alert | undefined => {
  const { occurrence, quorum, now, thresholds } = evaluation;
  if (alert && isIdle(alert, evaluation)) return alert;
  if (occurrence.over) return alert && occurrenceOver(alert, evaluation);
  const latest = alert && mayReturn(alert, occurrence.at, evaluation) ? alert : undefined;
  const begun = latest ?? newlyCounted(evaluation, alert);
  const counted = withOccurrence(begun, evaluation);
  if (counted.phase === 'open') return anotherOccurrence(counted, evaluation);
  const holds = counted.phase === 'cleared' && counted.holds;
  return isQuorum(counted, quorum) ? raised(counted, now, occurrence, holds, thresholds) : rewritten(counted);
};

/** Whether so many occurrences happened within the span since the alert last ended, however late some of them were told. */
const isQuorum = (alert: Alert, { times, withinMs }: OccurrenceEvaluation['quorum']): boolean => {
  if (times <= 1) return true;
  const endedAt = alert.phase === 'cleared' ? alert.cleared.at : Number.NEGATIVE_INFINITY;
  const happenedAt = alert.seen.flatMap(({ at, over }) => (over || at <= endedAt ? [] : [at])).sort((a, b) => a - b);
  return happenedAt.some((at, index) => (happenedAt[index + times - 1] ?? Number.POSITIVE_INFINITY) - at < withinMs);
};

/** A new alert. It counts, too, what came after the one before had ended and was too little to reopen it. */
const newlyCounted = (evaluation: OccurrenceEvaluation, before: Alert | undefined): PendingAlert => {
  const { occurrence, quorum } = evaluation;
  const endedAt = before?.phase === 'cleared' ? Math.max(before.cleared.at, before.since) : Number.POSITIVE_INFINITY;
  const from = Math.max(occurrence.at - quorum.withinMs, endedAt);
  const seen = before?.seen.filter(({ at, over }) => at > from && !over) ?? [];
  const since = Math.min(occurrence.at, ...seen.map(({ at }) => at));
  return { ...newAlert(evaluation, since, occurrence, before), seen };
};

const anotherOccurrence = (
  alert: OpenAlert,
  { occurrence, rule, now, thresholds }: OccurrenceEvaluation,
): OpenAlert => {
  const severity = occurrence.severity ?? rule.severity;
  const isQuiet = !alert.holds && alert.quietSince !== undefined;
  const resumed = isQuiet ? startedAgain(alert, now, thresholds) : alert;
  const renewed = { ...resumed, summary: occurrence.summary, detail: occurrence.detail };
  return isWorse(severity, alert.severity) ? escalated({ ...renewed, severity }, now, 'worsened') : rewritten(renewed);
};

/** A source says that all is well: over, unless something else is wrong. */
const occurrenceOver = (alert: Alert, evaluation: OccurrenceEvaluation): Alert | undefined => {
  const { occurrence, thresholds } = evaluation;
  const { receivedAt } = occurrence;
  const counted = withOccurrence(alert, evaluation);
  if (heldUntil(counted) > receivedAt) return rewritten(counted);
  switch (counted.phase) {
    case 'cleared':
      return alert;
    case 'pending':
      return counted.pendingSince === undefined ? undefined : rewritten(counted);
    case 'open':
      if (counted.holds) return rewritten(counted);
      return isFlapping(counted, receivedAt, thresholds)
        ? rewritten({ ...counted, quietSince: receivedAt })
        : cleared(counted, receivedAt);
  }
};

/**
 * Time has passed: flapping has ended, an occurrence has been held for long enough, or nobody has acknowledged.
 * Not to be called while the subject's station is offline: what cannot be evaluated does not clear.
 */
export const afterTime = (alert: Alert, now: number, thresholds: Thresholds): Alert | undefined => {
  switch (alert.phase) {
    case 'cleared':
      return alert;
    case 'pending':
      return alert.pendingSince === undefined && heldUntil(alert) <= now ? undefined : alert;
    case 'open': {
      if (alert.holds) return unacknowledged(alert, now, thresholds);
      const quietUntil = alert.quietSince === undefined ? 0 : alert.quietSince + thresholds.flapQuietMs;
      if (Math.max(heldUntil(alert), quietUntil) <= now) return cleared(alert, now);
      return unacknowledged(alert, now, thresholds);
    }
  }
};

/** Escalates when nobody has acknowledged it for as long as its severity allows, from when it has been so severe. */
const unacknowledged = (alert: OpenAlert, now: number, thresholds: Thresholds): OpenAlert => {
  const allowedMs: Readonly<Record<Severity, number>> = {
    critical: thresholds.escalateCriticalMs,
    major: thresholds.escalateMajorMs,
    warning: thresholds.escalateWarningMs,
    info: thresholds.escalateInfoMs,
  };
  const waitMs = allowedMs[alert.severity];
  const waiting = alert.acknowledged === undefined && alert.escalatedAt === undefined && waitMs > 0;
  return waiting && now >= (alert.worsenedAt ?? alert.raisedAt) + waitMs
    ? escalated(alert, now, 'unacknowledged')
    : alert;
};

/**
 * Time has passed while the subject's station is offline. What endangers people still escalates: a tripped protection may well
 * be what took the station off line.
 */
export const afterTimeOffline = (alert: Alert, now: number, thresholds: Thresholds): Alert =>
  alert.phase === 'open' && alert.severity === 'critical' ? unacknowledged(alert, now, thresholds) : alert;

/**
 * Whether what begins at `since` is this alert again: it is not over, came back soon (its dwell time may end later), or (told
 * late) began before it.
 */
const mayReturn = (alert: Alert, since: number, { now, thresholds }: Evaluation): boolean => {
  if (alert.phase !== 'cleared' || since <= alert.since) return true;
  const { pendingSince = now } = { pendingSince: undefined, ...alert };
  return pendingSince - alert.cleared.at <= thresholds.reopenMs;
};

const newAlert = (
  { rule, subject, version }: Evaluation,
  since: number,
  { severity, summary, detail }: Finding | Occurrence,
  before: Alert | undefined,
): PendingAlert => {
  const condition = conditionKey(rule.name, subject);
  return {
    phase: 'pending',
    alertId: alertIdOf(condition, since),
    condition,
    rule: rule.name,
    subject,
    severity: severity ?? rule.severity,
    summary,
    detail,
    since,
    raises: 0,
    starts: [],
    openForMs: 0,
    seen: [],
    ...(before?.sources && { sources: before.sources }),
    version,
    rev: 0,
    outbox: [],
  };
};
