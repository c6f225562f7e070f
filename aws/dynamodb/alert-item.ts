import type { Alert } from '../../domain/alerts/alert.ts';
import { occasionOf } from '../../domain/alerts/alert-id.ts';
import { isWatched } from '../../domain/alerts/sweep.ts';

/** Alerts are kept this long after they cleared. */
const KEPT_MS = 400 * 24 * 3_600_000;

const placeOf = ({ subject }: Alert): { siteId?: string; stationId?: string } => {
  if (subject.kind === 'network') return {};
  return 'stationId' in subject ? { siteId: subject.siteId, stationId: subject.stationId } : { siteId: subject.siteId };
};

/**
 * The item of an alert: the alert, its keys, and index keys that are there only while they mean something.
 * `openSeverity` while it is open; `watching` while time may still change it; `expiresAt` (s) once it is history.
 */
export const toAlertItem = (alert: Alert): Record<string, unknown> => ({
  ...alert,
  ...placeOf(alert),
  occasion: occasionOf(alert.since),
  ...(alert.phase === 'open' ? { openSeverity: alert.severity } : {}),
  ...(isWatched(alert) ? { watching: placeOf(alert).siteId ?? 'network' } : {}),
  ...(alert.phase === 'cleared' && alert.cleared ? { expiresAt: Math.ceil((alert.cleared.at + KEPT_MS) / 1000) } : {}),
});

/** The alert in an item of the table or of its change stream. */
// biome-ignore lint/suspicious/noExplicitAny: the document client types items so
export const fromAlertItem = (item: Record<string, any>): Alert => ({
  alertId: item.alertId,
  condition: item.condition,
  rule: item.rule,
  subject: item.subject,
  severity: item.severity,
  phase: item.phase,
  summary: item.summary,
  detail: item.detail,
  since: item.since,
  holds: item.holds,
  pendingSince: item.pendingSince,
  raisedAt: item.raisedAt,
  raises: item.raises,
  starts: item.starts,
  escalatedAt: item.escalatedAt,
  acknowledged: item.acknowledged,
  acknowledgedAfterMs: item.acknowledgedAfterMs,
  cleared: item.cleared,
  openForMs: item.openForMs,
  quietSince: item.quietSince,
  holdUntil: item.holdUntil,
  seen: item.seen,
  version: item.version,
  rev: item.rev,
  outbox: item.outbox,
});
