import type { Alert, AlertRecord } from '../../domain/alerts/alert.ts';
import { occasionOf } from '../../domain/alerts/alert-id.ts';
import { isWatched } from '../../domain/alerts/revision.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';

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
  ...omitUndefined({
    openSeverity: alert.phase === 'open' ? alert.severity : undefined,
    watching: isWatched(alert) ? (placeOf(alert).siteId ?? 'network') : undefined,
    expiresAt: alert.phase === 'cleared' ? Math.ceil((alert.cleared.at + KEPT_MS) / 1000) : undefined,
  }),
});

// biome-ignore lint/suspicious/noExplicitAny: the document client types items so
type Item = Record<string, any>;

const recordOf = (item: Item): AlertRecord => ({
  alertId: item.alertId,
  condition: item.condition,
  rule: item.rule,
  subject: item.subject,
  severity: item.severity,
  summary: item.summary,
  detail: item.detail,
  since: item.since,
  raises: item.raises,
  starts: item.starts,
  openForMs: item.openForMs,
  seen: item.seen,
  version: item.version,
  rev: item.rev,
  outbox: item.outbox,
  ...omitUndefined({
    acknowledgedAfterMs: item.acknowledgedAfterMs,
    holdUntil: item.holdUntil,
    sources: item.sources,
  }),
});

/** The alert in an item of the table or of its change stream. Throws for an item in no phase of life. */
export const fromAlertItem = (item: Item): Alert => {
  const { raisedAt, worsenedAt, escalatedAt, acknowledged, cleared, holds, pendingSince, quietSince } = item;
  const raised = { raisedAt, ...omitUndefined({ escalatedAt, acknowledged }) };
  switch (item.phase) {
    case 'pending':
      return { ...recordOf(item), phase: 'pending', ...omitUndefined({ pendingSince }) };
    case 'open': {
      const open = { ...recordOf(item), phase: 'open', ...raised, ...omitUndefined({ worsenedAt }) } as const;
      return holds ? { ...open, holds: true } : { ...open, holds: false, ...omitUndefined({ quietSince }) };
    }
    case 'cleared': {
      const over = { ...recordOf(item), phase: 'cleared', ...raised, cleared } as const;
      return holds ? { ...over, holds: true } : { ...over, holds: false, ...omitUndefined({ pendingSince }) };
    }
    default:
      throw new Error(`Alert ${item.alertId} is in no phase of life: ${item.phase}`);
  }
};
