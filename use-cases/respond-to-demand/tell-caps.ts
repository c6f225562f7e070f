import { endFor, type PlannedStation, type ZonePlan } from '../../domain/demand-response/zone-plan.ts';
import { iso } from '../../domain/kernel/iso.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { SiteRecord, SiteStream } from '../ports/sites/site-record.ts';
import type { SiteConfigurations } from '../ports/sites/site-store.ts';

export type TellCapsPorts = {
  readonly configurations: Pick<SiteConfigurations, 'all'>;
  readonly siteStream: SiteStream;
};

/**
 * Tells controlled sites what an event leaves their stations, as limits among their own: the site shares what is left and
 * counts on no more. A limit that is lifted before its time is taken back.
 */
export const tellCaps =
  ({ configurations, siteStream }: TellCapsPorts) =>
  async (plan: ZonePlan, stations: readonly PlannedStation[]): Promise<void> => {
    if (stations.length === 0) return;
    const controlled = new Set(
      (await configurations.all()).filter((site) => site.controlled).map(({ siteId }) => siteId),
    );
    const at = plan.decidedAt;
    const records = stations
      .filter(({ siteId }) => controlled.has(siteId))
      .map((station): SiteRecord => {
        const { siteId, stationId, capW } = station;
        const endAt = endFor(plan, station);
        const isCapped = endAt !== undefined && endAt > at;
        const limit = omitUndefined({ limitW: isCapped ? capW : undefined, to: isCapped ? iso(endAt) : undefined });
        const said = { version: 1, siteId, time: iso(at), scope: 'station', stationId, ...limit };
        const payload = Buffer.from(JSON.stringify(said)).toString('base64');
        return { kind: 'signals', siteId, name: 'SiteLimitSet', payload, clientId: 'demand response', receivedAt: at };
      });
    if (records.length > 0) await siteStream.put(records);
  };
