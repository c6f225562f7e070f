import type { Connector } from '../../../domain/connector/connector.ts';
import type { FallbackShare } from '../../../domain/connector/fallback-profile.ts';
import type { FinalCommandState } from '../../../domain/kernel/ended-command.ts';
import type { SetpointCommand } from '../../../domain/site/decide-site.ts';
import type { SiteConnector } from '../../../domain/site/site-event.ts';
import type { SiteStation } from '../../../domain/site/site-plan.ts';

/**
 * Asks stations for limits. The same command again is recognised and asked once. 'taken': its outcome follows on the site's
 * stream; anything else is its outcome. Throws when nobody can say whether it was taken: to be asked again.
 */
export type SetpointSender = {
  readonly send: (siteId: string, command: SetpointCommand) => Promise<'taken' | FinalCommandState>;
};

/** What stands at a site, from the tables: read when a worker takes a site over, and every few minutes. */
export type SiteSurvey = {
  readonly stations: (siteId: string) => Promise<readonly SiteStation[]>;
  /** Connectors with a session. */
  readonly running: (siteId: string) => Promise<readonly SiteConnector[]>;
  /** All its connectors that were heard of. */
  readonly live: (siteId: string) => Promise<readonly Connector[]>;
};

/**
 * Installs what EVSEs of a station fall back to when no setpoint holds, and takes profiles of ours away again (`released`, by id);
 * decided at an instant, ms since the epoch.
 */
export type InstallFallback = (order: {
  readonly stationId: string;
  readonly shares: readonly FallbackShare[];
  readonly released?: readonly number[];
  readonly decidedAt: number;
  readonly why: string;
}) => Promise<unknown>;
