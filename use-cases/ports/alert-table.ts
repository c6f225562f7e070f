import type { Alert } from '../../domain/alerts/alert.ts';
import type { AlertId } from '../../domain/alerts/alert-id.ts';
import type { Revision } from '../../domain/alerts/revision.ts';

/** Alerts in DynamoDB: key (condition, occasion), one item per alert. */
export type AlertTable = {
  /**
   * Takes a step of a condition's latest alert, however many others take steps of it at the same time.
   * Says whether anything was stored. Throws when it keeps losing the race: to be retried.
   */
  readonly revise: (revision: Revision) => Promise<boolean>;
  /** Alerts that time may still change. Eventually consistent: a revision is checked against the table when it is taken. */
  readonly watched: () => Promise<readonly Alert[]>;
  readonly find: (alertId: AlertId) => Promise<Alert | undefined>;
};
