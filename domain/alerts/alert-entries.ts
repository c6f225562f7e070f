import type { TimelineEntry } from '../history/timeline-entry.ts';
import type { Alert } from './alert.ts';

const titles = {
  AlertRaised: 'raised',
  AlertEscalated: 'escalated',
  AlertAcknowledged: 'acknowledged',
  AlertCleared: 'cleared',
} as const;

/** Where an alert stands in the history of a station or connector; sites and the network have no timeline of their own. */
const timelineSubject = ({ subject }: Alert): string | undefined => {
  if (subject.kind === 'connector') return `${subject.stationId}#${subject.evseId}#${subject.connectorId}`;
  return subject.kind === 'station' ? subject.stationId : undefined;
};

/** What a write of an alert adds to the timeline. Its ids are those of the events on the bus. */
export const alertEntries = (alert: Alert): readonly TimelineEntry[] => {
  const subject = timelineSubject(alert);
  if (subject === undefined) return [];
  const { alertId, rule, severity, summary } = alert;
  return alert.outbox.map(({ type, id, at, ...said }) => ({
    subject,
    id,
    at,
    kind: 'alert',
    title: `${rule} ${titles[type]}`,
    detail: { alertId, rule, severity, summary, ...said },
  }));
};
