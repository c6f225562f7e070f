import { Rejected } from '../kernel/rejected.ts';
import type { Alert } from './alert.ts';
import { cleared } from './alert-steps.ts';

/** Only an open alert can be acknowledged or cleared. */
export class AlertNotOpen extends Rejected {
  override readonly name = 'AlertNotOpen';
  readonly alertId: string;
  constructor(alertId: string) {
    super(`Alert ${alertId} is not open`);
    this.alertId = alertId;
  }
}

/** Who acted, when (ms), and what they had to say. */
export type Act = { readonly by: string; readonly at: number; readonly note?: string };

/** Someone takes it: no more escalation. A second acknowledgement changes nothing. Throws AlertNotOpen. */
export const acknowledged = (alert: Alert, act: Act): Alert => {
  if (alert.phase !== 'open') throw new AlertNotOpen(alert.alertId);
  if (alert.acknowledged) return alert;
  return {
    ...alert,
    acknowledged: act,
    acknowledgedAfterMs: alert.acknowledgedAfterMs ?? Math.max(0, act.at - (alert.raisedAt ?? act.at)),
    rev: alert.rev + 1,
    outbox: [{ type: 'AlertAcknowledged', id: `${alert.alertId}/acknowledged/${alert.raises}`, ...act }],
  };
};

/** Someone closes it: it stays closed until the condition has been quiet once. Throws AlertNotOpen. */
export const clearedByHand = (alert: Alert, { by, at, note }: Act): Alert => {
  if (alert.phase !== 'open') throw new AlertNotOpen(alert.alertId);
  return cleared(alert, at, by, note);
};
