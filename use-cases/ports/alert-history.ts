import type { Alert } from '../../domain/alerts/alert.ts';

/** What figures over alerts are made of. */
export type AlertHistory = {
  /** Alerts of a site that began in [fromMs, toMs), or began before and ended at `fromMs` or later. */
  readonly ofSite: (siteId: string, fromMs: number, toMs: number) => Promise<readonly Alert[]>;
  /** Number of stations of a site. */
  readonly stationsOf: (siteId: string) => Promise<number>;
};
