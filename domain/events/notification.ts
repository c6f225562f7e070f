import type { Alert, AlertChange } from '../alerts/alert.ts';
import type { Subject } from '../alerts/subject.ts';
import { iso } from '../kernel/iso.ts';

/** A message to people. Subscriptions filter by the attributes; `id` lets an integration know a repeat. */
export type Notification = {
  readonly id: string;
  /** At most 99 printable ASCII characters: the subject line of an e-mail. */
  readonly subject: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
};

/** SNS refuses a subject of 100 characters or more (API reference of Publish). */
const SUBJECT_LENGTH = 99;

const happened = (change: AlertChange): string => {
  switch (change.type) {
    case 'AlertRaised':
      return change.reopened ? 'back' : 'raised';
    case 'AlertEscalated':
      return change.because === 'worsened' ? 'worse' : 'not acknowledged';
    case 'AlertAcknowledged':
      return `taken by ${change.by}`;
    case 'AlertCleared':
      return `cleared by ${change.by}`;
  }
};

const nameOf = (subject: Subject): string => {
  switch (subject.kind) {
    case 'connector':
      return `${subject.stationId} connector ${subject.evseId}/${subject.connectorId}`;
    case 'station':
      return subject.stationId;
    case 'site':
      return `site ${subject.siteId}`;
    case 'network':
      return subject.name;
  }
};

const attributesOf = ({ subject, severity, rule }: Alert, change: AlertChange): Record<string, string> => ({
  event: change.type,
  severity,
  rule,
  ...(subject.kind === 'network' ? {} : { siteId: subject.siteId, region: subject.region }),
  ...('stationId' in subject ? { stationId: subject.stationId } : {}),
});

/** What people are told of a write of an alert: each change once, in a line for phones and a text for mail. */
export const notificationsOf = (alert: Alert): readonly Notification[] =>
  alert.outbox.map((change) => {
    const line = `${alert.severity.toUpperCase()} ${nameOf(alert.subject)}: ${alert.rule} ${happened(change)}`;
    const note = 'note' in change && change.note !== undefined ? [`Note: ${change.note}`] : [];
    return {
      id: change.id,
      subject: line.replace(/[^ -~]/g, '?').slice(0, SUBJECT_LENGTH),
      message: [
        line,
        alert.summary,
        ...note,
        `Since ${iso(alert.since)}, told ${iso(change.at)}`,
        `Alert ${alert.alertId}`,
      ].join('\n'),
      attributes: attributesOf(alert, change),
    };
  });
