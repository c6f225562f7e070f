import { boundedCache } from '../../async/bounded-cache.ts';
import { type Failure, SomeFailed } from '../../async/settle.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { isWorthTelling, siteConnectorOf } from '../../domain/site/site-connector-of.ts';
import type { SiteConnector } from '../../domain/site/site-event.ts';
import { phaseSwitchingOf } from '../../domain/site/site-plan.ts';
import { connectorPath } from '../../domain/site/site-state.ts';
import type { ItemChange } from '../ports/item-change.ts';
import type { LeftStation, SiteRecord, SiteStream } from '../ports/sites/site-record.ts';
import type { SiteConfigurations } from '../ports/sites/site-store.ts';

export type TellSitesPorts = {
  readonly configurations: Pick<SiteConfigurations, 'all'>;
  readonly stream: SiteStream;
};

/** More connectors than one worker follows at controlled sites. */
const REMEMBERED = 20_000;

/** A station that stands at a site now which is not controlled, with the EVSEs it had; a controlled one sends what is to hold there. */
const leftBy = (
  { before, after }: Extract<ItemChange, { kind: 'station' }>,
  controlled: ReadonlySet<string>,
): LeftStation | undefined => {
  const { registration } = after;
  if (registration === undefined || controlled.has(registration.siteId)) return undefined;
  const evseIds = new Set(before?.registration?.connectors.map(({ evseId }) => evseId));
  return { stationId: after.stationId, evseIds: [...evseIds] };
};

/**
 * A station was registered anew, or told that it can switch phases: the plan of its site, and of the one it was moved from, is no
 * longer what stands there. Or it booted, and may have forgotten what it falls back to.
 */
const configuredBy = (
  change: ItemChange,
  controlled: ReadonlySet<string>,
): readonly Extract<SiteRecord, { kind: 'site-configured' }>[] => {
  if (change.kind !== 'station') return [];
  const { before, after } = change;
  const isRegistered = JSON.stringify(before?.registration) !== JSON.stringify(after.registration);
  const hasBooted = change.changes.some(({ type }) => type === 'StationRebooted');
  const canSwitch = phaseSwitchingOf(after.state?.capabilities);
  const isAbleAnew = phaseSwitchingOf(before?.state?.capabilities) !== canSwitch;
  if (!isRegistered && !hasBooted && !isAbleAnew) return [];
  const bootedId = isRegistered ? undefined : after.stationId;
  const siteIds = new Set([before?.registration?.siteId, after.registration?.siteId].filter((id) => id !== undefined));
  return [...siteIds]
    .filter((siteId) => controlled.has(siteId))
    .map((siteId) => ({
      kind: 'site-configured',
      siteId,
      receivedAt: after.lastSeenAt ?? 0,
      ...omitUndefined({
        bootedId,
        left: after.registration?.siteId === siteId ? undefined : leftBy(change, controlled),
      }),
    }));
};

/**
 * Tells controlled sites what changed at their connectors, on the stream that also carries their signals. Few readings are told:
 * those that matter for sharing power. What was told is remembered; a worker that begins tells each session once more.
 * Throws SomeFailed with the changes that were not told.
 */
export const tellSites = ({ configurations, stream }: TellSitesPorts) => {
  const told = boundedCache<string, SiteConnector>(REMEMBERED);

  return async (changes: readonly ItemChange[]): Promise<void> => {
    const controlled = new Set((await configurations.all()).flatMap((site) => (site.controlled ? site.siteId : [])));
    if (controlled.size === 0) return;
    const news = new Map<string, SiteConnector>();
    const records: SiteRecord[] = [];
    const changed: ItemChange[] = [];
    for (const change of changes) {
      const configured = configuredBy(change, controlled);
      if (configured.length > 0) changed.push(change);
      records.push(...configured);
      if (change.kind !== 'connector' || !controlled.has(change.after.place.siteId)) continue;
      const { before, after } = change;
      const connector = siteConnectorOf(after);
      const path = connectorPath(connector);
      const last = news.get(path) ?? told.get(path);
      if (last !== undefined && last.rev > connector.rev) continue;
      const hasEnded = before?.session !== undefined && connector.session === undefined;
      // Where a station is offline, a car may begin unseen.
      const cameOrWent = (before?.status === 'offline') !== connector.isOffline;
      if (!hasEnded && !cameOrWent && !isWorthTelling(last, connector)) continue;
      news.set(path, connector);
      changed.push(change);
      records.push({ kind: 'site-connector', siteId: after.place.siteId, receivedAt: after.lastSeenAt, connector });
    }
    if (records.length === 0) return;
    try {
      await stream.put(records);
    } catch (error) {
      const failures: readonly Failure<ItemChange>[] = changed.map((item) => ({ item, error }));
      throw new SomeFailed(failures, `${changed.length} changes were not told to their sites`);
    }
    for (const [path, connector] of news) told.set(path, connector);
  };
};
