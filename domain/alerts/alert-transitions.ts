import { omitUndefined } from '../kernel/omit-undefined.ts';
import { Rejected } from '../kernel/rejected.ts';
import {
  type Act,
  type Alert,
  type AlertRecord,
  AUTOMATIC,
  type ClearedAlert,
  type OpenAlert,
  type PendingAlert,
} from './alert.ts';
import type { Finding, Occurrence } from './rule.ts';
import type { Thresholds } from './thresholds.ts';

/** What stays of an alert when it passes from one part of its life to another. */
const recordOf = (alert: Alert): AlertRecord => ({
  alertId: alert.alertId,
  condition: alert.condition,
  rule: alert.rule,
  subject: alert.subject,
  severity: alert.severity,
  summary: alert.summary,
  detail: alert.detail,
  since: alert.since,
  raises: alert.raises,
  starts: alert.starts,
  openForMs: alert.openForMs,
  seen: alert.seen,
  version: alert.version,
  rev: alert.rev,
  outbox: alert.outbox,
  ...omitUndefined({
    acknowledgedAfterMs: alert.acknowledgedAfterMs,
    holdUntil: alert.holdUntil,
    sources: alert.sources,
  }),
});

/** The same alert, written again: `rev` grows, and nobody is told anything. */
export const rewritten = <Life extends Alert>(alert: Life): Life => ({ ...alert, rev: alert.rev + 1, outbox: [] });

/** Raised, or raised again: what was known of its last end is over. `holds`: whether a lasting condition is behind it. */
export const raised = (
  alert: PendingAlert | ClearedAlert,
  now: number,
  found: Finding | Occurrence,
  holds: boolean,
  { flapStarts }: Thresholds,
): OpenAlert => {
  const raises = alert.raises + 1;
  return {
    ...recordOf(alert),
    phase: 'open',
    holds,
    severity: found.severity ?? alert.severity,
    summary: found.summary,
    detail: found.detail,
    raises,
    raisedAt: now,
    starts: [...alert.starts, now].slice(-flapStarts),
    rev: alert.rev + 1,
    outbox: [{ type: 'AlertRaised', id: `${alert.alertId}/raised/${raises}`, at: now, reopened: raises > 1 }],
  };
};

/** Escalated once per raise for want of an acknowledgement, and once per severity it rises to. */
export const escalated = (alert: OpenAlert, now: number, because: 'unacknowledged' | 'worsened'): OpenAlert => ({
  ...alert,
  ...(because === 'unacknowledged' ? { escalatedAt: now } : { worsenedAt: now }),
  rev: alert.rev + 1,
  outbox: [
    {
      type: 'AlertEscalated',
      id: `${alert.alertId}/escalated/${alert.raises}/${because === 'worsened' ? alert.severity : because}`,
      at: now,
      because,
    },
  ],
});

/** Ended. `holds`: its condition goes on all the same, which only a person can decide to ignore. */
const ended = (alert: OpenAlert, act: Act, holds: boolean): ClearedAlert => {
  const { holdUntil: _, sources, ...record } = recordOf(alert);
  return {
    ...record,
    ...(sources && { sources: sources.map(({ holdUntil: _, ...word }) => word) }),
    ...omitUndefined({ escalatedAt: alert.escalatedAt, acknowledged: alert.acknowledged }),
    phase: 'cleared',
    holds,
    raisedAt: alert.raisedAt,
    cleared: act,
    openForMs: alert.openForMs + Math.max(0, act.at - alert.raisedAt),
    rev: alert.rev + 1,
    outbox: [{ type: 'AlertCleared', id: `${alert.alertId}/cleared/${alert.raises}`, ...act }],
  };
};

/** Its condition has passed. */
export const cleared = (alert: OpenAlert, now: number): ClearedAlert => ended(alert, { at: now, by: AUTOMATIC }, false);

/** Only an open alert can be acknowledged or cleared. */
export class AlertNotOpen extends Rejected {
  override readonly name = 'AlertNotOpen';
  readonly alertId: string;
  constructor(alertId: string) {
    super(`Alert ${alertId} is not open`);
    this.alertId = alertId;
  }
}

/** Someone takes it: no more escalation. A second acknowledgement changes nothing. Throws AlertNotOpen. */
export const acknowledged = (alert: Alert, act: Act): OpenAlert => {
  if (alert.phase !== 'open') throw new AlertNotOpen(alert.alertId);
  if (alert.acknowledged) return alert;
  return {
    ...alert,
    acknowledged: act,
    acknowledgedAfterMs: alert.acknowledgedAfterMs ?? Math.max(0, act.at - alert.raisedAt),
    rev: alert.rev + 1,
    outbox: [{ type: 'AlertAcknowledged', id: `${alert.alertId}/acknowledged/${alert.raises}`, ...act }],
  };
};

/** Someone closes it: it stays closed until the condition has been quiet once. Throws AlertNotOpen. */
export const clearedByHand = (alert: Alert, act: Act): ClearedAlert => {
  if (alert.phase !== 'open') throw new AlertNotOpen(alert.alertId);
  return ended(alert, act, alert.holds);
};
