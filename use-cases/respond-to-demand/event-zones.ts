import pMap from 'p-map';
import type { GridSignal } from '../../domain/demand-response/grid-signal.ts';
import { isOwed } from '../../domain/demand-response/is-owed.ts';
import { dispatched, type SignalRecord } from '../../domain/demand-response/signal-record.ts';
import { left, type ZonePlan } from '../../domain/demand-response/zone-plan.ts';
import { type PlanChunk, STATIONS_PER_CHUNK } from '../ports/demand-response/plan-store.ts';
import type { ZoneNetwork } from '../ports/demand-response/zone-network.ts';
import type { SentCount } from './dispatch-chunk.ts';
import { type GuardedPorts, guardedChanges, type Version } from './guarded-changes.ts';
import type { ExecutionInput } from './submit-signal.ts';

export type EventZonesPorts = GuardedPorts & { readonly network: Pick<ZoneNetwork, 'zonesOfSite'> };

/** Zones of one site that are worked on side by side. */
const ZONES_AT_ONCE = 4;

/** The chunks of a plan in which a station is to be sent something. */
export const owedChunks = (plan: ZonePlan): readonly PlanChunk[] => {
  const { zoneId, rev, stations } = plan;
  const owed = stations.flatMap((station, index) =>
    isOwed(plan, station) ? Math.floor(index / STATIONS_PER_CHUNK) : [],
  );
  return [...new Set(owed)].map((index) => ({ zoneId, rev, index }));
};

/** The zones in which a signal asks stations. */
export const zonesOfSignal =
  (network: Pick<ZoneNetwork, 'zonesOfSite'>) =>
  (signal: GridSignal): Promise<readonly string[]> =>
    signal.kind === 'site-curtailment' ? network.zonesOfSite(signal.siteId) : Promise.resolve([signal.zoneId]);

const nothingBeside = async (): Promise<undefined> => undefined;

/** What every step of an event does in the zones of its signal, and to its record. */
export const eventZones = (ports: EventZonesPorts) => {
  const { network, system } = ports;
  const change = guardedChanges(ports);

  const inZones = <Result>(zones: readonly string[], work: (zoneId: string) => Promise<Result>): Promise<Result[]> =>
    pMap(zones, work, { concurrency: ZONES_AT_ONCE });

  return {
    change,
    inZones,
    /** The zones in which a signal asks stations, and those that it asked before: who left its site there is to return. */
    zonesOf: async ({ signal, zoneIds = [] }: SignalRecord): Promise<readonly string[]> => [
      ...new Set([...(await zonesOfSignal(network)(signal)), ...zoneIds]),
    ],

    /** Takes a signal, up to this version, out of the plans of zones. Whoever held a limit for it alone is owed its return. */
    leave: (zones: readonly string[], version: Version, now: number): Promise<readonly ZonePlan[]> =>
      inZones(zones, (zoneId) => change.plan(zoneId, nothingBeside, (plan) => left(plan, version, now))),

    /** Keeps in the record that stations were sent something. */
    tellSent: async (input: ExecutionInput, sent: readonly SentCount[]): Promise<void> => {
      const sentCount = sent.reduce((sum, one) => sum + one.sentCount, 0);
      const refusedCount = sent.reduce((sum, one) => sum + one.refusedCount, 0);
      if (sentCount + refusedCount > 0)
        await change.record(input, (record) =>
          record.state === 'ended' ? record : dispatched(record, { sentCount, refusedCount }, system.clock()),
        );
    },
  };
};
