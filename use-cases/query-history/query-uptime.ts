import * as z from 'zod';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { isReportMonth, uptimeRules } from '../../domain/uptime/report-period.ts';
import { argumentsOf, id, optional } from '../fields/arguments-of.ts';
import type { StationRegistry } from '../ports/station-registry.ts';
import type { WindowStore } from '../ports/window-store.ts';
import { reportedStations } from './reported-stations.ts';
import { uptimeReport } from './uptime-report.ts';

export type UptimePorts = {
  readonly windows: Pick<WindowStore, 'read'>;
  readonly registry: Pick<StationRegistry, 'list' | 'find' | 'former'>;
  /** ms since the epoch. */
  readonly clock: () => number;
};

/** A year of days of this many connectors is what one request can carry in time. */
const MOST_CONNECTORS = 500;
const Arguments = z.object({
  rule: z.enum(uptimeRules),
  month: z.string().refine(isReportMonth, 'a month is YYYY-MM, from 2000-01 on'),
  siteId: optional(id.min(1)),
});

/** A legal uptime report over a site or the network. */
export const queryUptime =
  ({ windows, registry, clock }: UptimePorts) =>
  async (given: Readonly<Record<string, unknown>>) => {
    const { rule, month, siteId } = argumentsOf(Arguments, given);
    const stations = await reportedStations(registry, siteId, { rule, month });
    const connectors = stations.reduce((sum, { registration }) => sum + registration.connectors.length, 0);
    if (connectors > MOST_CONNECTORS)
      throw new Rejected(
        `${connectors} connectors in one request, at most ${MOST_CONNECTORS}: ask per siteId, or use npm run report`,
      );
    const report = await uptimeReport(windows, stations, { rule, month, now: clock() });
    return { ports: [], points: [], month, ...report };
  };
