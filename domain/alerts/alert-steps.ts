import { type Alert, AUTOMATIC } from './alert.ts';
import type { Finding, Occurrence } from './rule.ts';
import type { Thresholds } from './thresholds.ts';

/** A write that tells nobody anything. */
export const rewritten = (alert: Alert, patch: Partial<Alert>): Alert => ({
  ...alert,
  ...patch,
  rev: alert.rev + 1,
  outbox: [],
});

/** Raised, or raised again: what was known of its last end is over. */
export const raised = (alert: Alert, now: number, found: Finding | Occurrence, thresholds: Thresholds): Alert => {
  const raises = alert.raises + 1;
  return {
    ...alert,
    phase: 'open',
    severity: found.severity ?? alert.severity,
    summary: found.summary,
    detail: found.detail,
    raises,
    raisedAt: now,
    starts: [...alert.starts, now].slice(-thresholds.flapStarts),
    pendingSince: undefined,
    escalatedAt: undefined,
    acknowledged: undefined,
    cleared: undefined,
    rev: alert.rev + 1,
    outbox: [{ type: 'AlertRaised', id: `${alert.alertId}/raised/${raises}`, at: now, reopened: raises > 1 }],
  };
};

/** Escalated once per raise for want of an acknowledgement, and once per severity it rises to. */
export const escalated = (alert: Alert, now: number, because: 'unacknowledged' | 'worsened'): Alert => ({
  ...alert,
  escalatedAt: because === 'unacknowledged' ? now : alert.escalatedAt,
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

export const cleared = (alert: Alert, now: number, by: string = AUTOMATIC, note?: string): Alert => {
  const said = { at: now, by, ...(note === undefined ? {} : { note }) };
  return {
    ...alert,
    phase: 'cleared',
    cleared: said,
    quietSince: undefined,
    holdUntil: undefined,
    openForMs: alert.openForMs + Math.max(0, now - (alert.raisedAt ?? now)),
    rev: alert.rev + 1,
    outbox: [{ type: 'AlertCleared', id: `${alert.alertId}/cleared/${alert.raises}`, ...said }],
  };
};

/** Started too often of late: it is held open and told as one, until it has been quiet for long enough. */
export const isFlapping = ({ starts }: Alert, now: number, { flapStarts, flapWithinMs }: Thresholds): boolean =>
  starts.filter((start) => start > now - flapWithinMs).length >= flapStarts;
