import type { Alert, AlertChange } from '../alerts/alert.ts';
import type { Subject } from '../alerts/subject.ts';
import { iso } from '../kernel/iso.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { DETAIL_VERSION, type PublishedEvent } from './published-event.ts';

/** The events of one change record of an alert: what its outbox holds. */
export const alertEvents = (alert: Alert): readonly PublishedEvent[] =>
  alert.outbox.map((change) => ({
    type: change.type,
    detail: {
      version: DETAIL_VERSION,
      id: change.id,
      time: iso(change.at),
      ...subjectFields(alert.subject),
      alertId: alert.alertId,
      rule: alert.rule,
      severity: alert.severity,
      summary: alert.summary,
      detail: alert.detail,
      since: iso(alert.since),
      ...omitUndefined(changeFields(alert, change)),
    },
  }));

const subjectFields = (subject: Subject): Readonly<Record<string, unknown>> => {
  const { kind, ...keys } = subject;
  return { subject: kind, ...keys };
};

const changeFields = (alert: Alert, change: AlertChange): Readonly<Record<string, unknown>> => {
  switch (change.type) {
    case 'AlertRaised':
      return { reopened: change.reopened };
    case 'AlertEscalated':
      return { because: change.because, raisedAt: iso('raisedAt' in alert ? alert.raisedAt : alert.since) };
    case 'AlertAcknowledged':
      return { by: change.by, note: change.note };
    case 'AlertCleared':
      return { by: change.by, note: change.note, openSec: Math.round(alert.openForMs / 1000) };
  }
};
