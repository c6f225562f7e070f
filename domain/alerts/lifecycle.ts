import type { Alert } from './alert.ts';
import { alertIdOf, conditionKey } from './alert-id.ts';
import { cleared, escalated, isFlapping, raised, rewritten } from './alert-steps.ts';
import type { Judgement, LevelJudgement, OccurrenceJudgement } from './judgement.ts';
import type { Finding, Occurrence } from './rule.ts';
import { isWorse } from './severity.ts';

/**
 * The life of an alert. Every function takes the condition's latest alert (if it ever had one) and returns what is to be
 * stored: the same reference when nothing is, undefined when a pending one has come to nothing.
 */
export const judged = (alert: Alert | undefined, judgement: Judgement): Alert | undefined =>
  judgement.kind === 'level' ? levelJudged(alert, judgement) : occurred(alert, judgement);

const levelJudged = (alert: Alert | undefined, judgement: LevelJudgement): Alert | undefined => {
  if (alert && isStale(alert, judgement)) return alert;
  const holding = alert !== undefined && alert.phase !== 'cleared';
  const finding = holding ? judgement.whileHolding : judgement.whileNot;
  return finding ? found(alert, judgement, finding) : quiet(alert, judgement);
};

/** Change streams keep their records for a day: what is older than that can only be an item that began anew (re-registered). */
const STREAM_RETENTION_MS = 24 * 3_600_000;

/** An image older than the one last judged. */
const isStale = ({ version, cleared }: Alert, judgement: LevelJudgement): boolean =>
  judgement.version < version && (cleared === undefined || judgement.now - cleared.at < STREAM_RETENTION_MS);

/** The condition holds. */
const found = (alert: Alert | undefined, judgement: LevelJudgement, finding: Finding): Alert => {
  const { now, dwellMs, version } = judgement;
  // Cleared by hand while it held: the operator knows. It counts anew once it has been quiet.
  if (alert?.phase === 'cleared' && alert.holds) return alert;
  if (alert?.phase === 'open') return stillOpen(alert, judgement, finding);
  const latest = alert && mayReturn(alert, finding.since ?? now, judgement) ? alert : undefined;
  const since = finding.since ?? latest?.pendingSince ?? now;
  const begun = latest ?? newAlert(judgement, since, finding);
  if (now >= since + dwellMs) return raised({ ...begun, holds: true, version }, now, finding, judgement.thresholds);
  if (latest?.pendingSince !== undefined) return latest;
  return rewritten(begun, { pendingSince: since, version });
};

const stillOpen = (alert: Alert, judgement: LevelJudgement, finding: Finding): Alert => {
  const { now, version, thresholds } = judgement;
  const severity = finding.severity ?? judgement.rule.severity;
  const resumed = alert.holds
    ? alert
    : rewritten(alert, {
        holds: true,
        quietSince: undefined,
        starts: [...alert.starts, now].slice(-thresholds.flapStarts),
        version,
      });
  return isWorse(severity, alert.severity)
    ? escalated({ ...resumed, severity, summary: finding.summary, detail: finding.detail, version }, now, 'worsened')
    : resumed;
};

/** The condition does not hold. */
const quiet = (alert: Alert | undefined, { now, version, thresholds }: LevelJudgement): Alert | undefined => {
  if (!alert) return undefined;
  if (alert.phase === 'pending') return alert.holdUntil !== undefined && alert.holdUntil > now ? alert : undefined;
  if (alert.phase === 'cleared')
    return alert.holds || alert.pendingSince !== undefined
      ? rewritten(alert, { holds: false, pendingSince: undefined, version })
      : alert;
  if (!alert.holds) return alert;
  if (isFlapping(alert, now, thresholds)) return rewritten(alert, { holds: false, quietSince: now, version });
  if ((alert.holdUntil ?? 0) > now) return rewritten(alert, { holds: false, version });
  return cleared({ ...alert, holds: false, version }, now);
};

const SEEN_KEPT = 32;

const occurred = (alert: Alert | undefined, judgement: OccurrenceJudgement): Alert | undefined => {
  const { occurrence, holdMs, quorum } = judgement;
  if (alert?.seen.some(({ id }) => id === occurrence.id)) return alert;
  if (occurrence.over) return over(alert, occurrence);
  const latest = alert && mayReturn(alert, occurrence.at, judgement) ? alert : undefined;
  const begun = latest ?? newAlert(judgement, occurrence.at, occurrence);
  const counted = {
    ...begun,
    seen: [...begun.seen, { id: occurrence.id, at: occurrence.at }].slice(-SEEN_KEPT),
    holdUntil: Math.max(begun.holdUntil ?? 0, occurrence.receivedAt + holdMs),
  };
  if (counted.phase === 'open') return anotherOne(counted, judgement);
  const from = Math.max(occurrence.at - quorum.withinMs, counted.cleared?.at ?? Number.NEGATIVE_INFINITY);
  const enough = quorum.times <= 1 || counted.seen.filter(({ at }) => at > from).length >= quorum.times;
  return enough ? raised(counted, judgement.now, occurrence, judgement.thresholds) : rewritten(counted, {});
};

const anotherOne = (alert: Alert, { occurrence, rule, now }: OccurrenceJudgement): Alert => {
  const severity = occurrence.severity ?? rule.severity;
  const told = { ...alert, summary: occurrence.summary, detail: occurrence.detail };
  return isWorse(severity, alert.severity) ? escalated({ ...told, severity }, now, 'worsened') : rewritten(told, {});
};

/** The station says that it has ended. */
const over = (alert: Alert | undefined, { receivedAt }: Occurrence): Alert | undefined => {
  if (!alert || alert.phase === 'cleared') return alert;
  if (alert.phase === 'pending') return undefined;
  return alert.holds ? rewritten(alert, { holdUntil: undefined }) : cleared(alert, receivedAt);
};

/**
 * Time has passed: flapping has ended, an occurrence has been held for long enough, or nobody has acknowledged.
 * Not to be called while the subject is held: what cannot be judged does not clear.
 */
export const passed = (alert: Alert, now: number, thresholds: Judgement['thresholds']): Alert | undefined => {
  if (alert.phase === 'cleared') return alert;
  const heldUntil = Math.max(
    alert.holdUntil ?? 0,
    alert.quietSince === undefined ? 0 : alert.quietSince + thresholds.flapQuietMs,
  );
  if (alert.phase === 'pending') return alert.pendingSince === undefined && heldUntil <= now ? undefined : alert;
  if (!alert.holds && heldUntil <= now) return cleared(alert, now);
  return waited(alert, now, thresholds);
};

/** Nobody has acknowledged it for as long as its severity allows. */
const waited = (alert: Alert, now: number, thresholds: Judgement['thresholds']): Alert => {
  const patienceMs = {
    critical: thresholds.escalateCriticalMs,
    major: thresholds.escalateMajorMs,
    warning: thresholds.escalateWarningMs,
    info: thresholds.escalateInfoMs,
  }[alert.severity];
  const waiting = alert.acknowledged === undefined && alert.escalatedAt === undefined && patienceMs > 0;
  return waiting && now >= (alert.raisedAt ?? now) + patienceMs ? escalated(alert, now, 'unacknowledged') : alert;
};

/**
 * Time has passed while the subject is held. What endangers people still escalates: a tripped protection may well be what took
 * the station off line.
 */
export const passedHeld = (alert: Alert, now: number, thresholds: Judgement['thresholds']): Alert =>
  alert.phase === 'open' && alert.severity === 'critical' ? waited(alert, now, thresholds) : alert;

/** Whether what begins at `since` is this alert again: it is not over, came back soon, or (told late) began before it. */
const mayReturn = (alert: Alert, since: number, { now, thresholds }: Judgement): boolean =>
  alert.cleared === undefined || now - alert.cleared.at <= thresholds.reopenMs || since <= alert.since;

const newAlert = (judgement: Judgement, since: number, { severity, summary, detail }: Finding | Occurrence): Alert => {
  const condition = conditionKey(judgement.rule.name, judgement.subject);
  return {
    alertId: alertIdOf(condition, since),
    condition,
    rule: judgement.rule.name,
    subject: judgement.subject,
    severity: severity ?? judgement.rule.severity,
    phase: 'pending',
    summary,
    detail,
    since,
    holds: false,
    raises: 0,
    starts: [],
    openForMs: 0,
    seen: [],
    version: judgement.version,
    rev: 0,
    outbox: [],
  };
};
