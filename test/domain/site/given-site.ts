import { defaultConfiguration, type SiteConfiguration } from '../../../domain/site/site-configuration.ts';
import type { SiteConnector } from '../../../domain/site/site-event.ts';
import type { SitePlan } from '../../../domain/site/site-plan.ts';
import type { SiteDemandMeasured, SiteLimitSet, SiteSignal } from '../../../domain/site/site-signal.ts';
import { blankSite, type SiteState } from '../../../domain/site/site-state.ts';
import { registration } from '../../fakes/registration.ts';

export const noon = Date.parse('2026-11-20T12:00:00Z');
export const second = (seconds: number): number => noon + seconds * 1_000;

export const configuration = (patch: Partial<SiteConfiguration> = {}): SiteConfiguration => ({
  ...defaultConfiguration,
  siteId: 'depot',
  revision: 1,
  controlled: true,
  limitW: 100_000,
  ...patch,
});

/** Stations S1, S2, ... with one CCS outlet of 50 kW each. */
export const planOf = (stations: number, patch: Partial<SiteConfiguration> = {}): SitePlan => ({
  configuration: configuration(patch),
  stations: Array.from({ length: stations }, (_, index) =>
    registration({
      stationId: `S${index + 1}`,
      siteId: 'depot',
      connectors: [{ evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: 50_000 }],
    }),
  ),
});

/** A car on station S`number`, since noon. */
export const car = (
  number: number,
  session: Partial<NonNullable<SiteConnector['session']>> = {},
  patch: Partial<SiteConnector> = {},
): SiteConnector => ({
  stationId: `S${number}`,
  evseId: 1,
  connectorId: 1,
  rev: 1,
  isOffline: false,
  session: {
    sessionId: `session-${number}`,
    transactionId: `${number}`,
    startedAt: noon,
    energyWh: 0,
    isSuspendedByCar: false,
    ...session,
  },
  ...patch,
});

/** What the grid limits the site to, W, from then on. */
export const limited = (limit: number, at = noon, patch: Partial<SiteLimitSet> = {}): SiteSignal => ({
  type: 'SiteLimitSet',
  siteId: 'depot',
  at,
  receivedAt: at,
  by: 'grid',
  scope: { kind: 'site' },
  from: at,
  limit,
  ...patch,
});

export const demand = (powerW: number, at = noon, patch: Partial<SiteDemandMeasured> = {}): SiteSignal => ({
  type: 'SiteDemandMeasured',
  siteId: 'depot',
  at,
  receivedAt: at,
  by: 'meter',
  powerW,
  ...patch,
});

export const emptySite: SiteState = blankSite('depot', noon);
