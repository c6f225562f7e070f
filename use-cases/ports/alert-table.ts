import type { Alert } from '../../domain/alerts/alert.ts';
import type { AlertId } from '../../domain/alerts/alert-id.ts';
import type { Revision } from '../../domain/alerts/revision.ts';
import type { Severity } from '../../domain/alerts/severity.ts';
import type { Page } from './page.ts';

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

/** Which alerts: last raised within [fromMs, toMs], and fitting every field that is given. Of the network: open ones only. */
export type AlertSelection = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly severity?: Severity;
  readonly rule?: string;
  /** Of the station when the alert began. */
  readonly model?: string;
  readonly firmware?: string;
} & (
  | { readonly of: 'site'; readonly siteId: string; readonly status?: 'open' | 'cleared' }
  | { readonly of: 'station'; readonly stationId: string; readonly status?: 'open' | 'cleared' }
  | { readonly of: 'network' }
);

/** Alerts as lists and figures. */
export type AlertHistory = {
  /**
   * The last raised first; of the network the worst first and then the last raised. A page may be shorter than asked for
   * before the last. Throws Rejected for a page token that is none.
   */
  readonly list: (
    selection: AlertSelection,
    page: { readonly limit: number; readonly nextToken?: string },
  ) => Promise<Page<Alert>>;
  /** Alerts of a site that began in [fromMs, toMs), or began before and ended at `fromMs` or later. */
  readonly ofSite: (siteId: string, fromMs: number, toMs: number) => Promise<readonly Alert[]>;
  /** Number of stations of a site. */
  readonly stationsOf: (siteId: string) => Promise<number>;
};
