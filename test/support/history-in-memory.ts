import type { Fact } from '../../domain/kernel/fact.ts';
import { guardOf } from '../../domain/kernel/guard.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import { fold } from '../../domain/station/fold.ts';
import type { StationAggregate } from '../../domain/station/station-aggregate.ts';
import { queryHistory } from '../../use-cases/query-history/query-history.ts';
import { recordHistory, type Written } from '../../use-cases/record-history/record-history.ts';
import { rollUpWindows } from '../../use-cases/roll-up-windows/roll-up-windows.ts';
import { operator } from '../fakes/callers.ts';
import { dirtyMarksInMemory, sweepProgressInMemory } from '../fakes/dirty-marks.ts';
import { type FleetScanFake, fleetScanInMemory } from '../fakes/fleet-scan.ts';
import { sessionsInMemory } from '../fakes/session-store.ts';
import { fakeStationRegistry } from '../fakes/station-registry.ts';
import { timelineInMemory } from '../fakes/timeline.ts';
import { sweptPart } from './swept.ts';
import { windowStoreInMemory } from './window-store-in-memory.ts';

/** Facts of one record of a station, and when they reach us, ms. */
export type Delivery = { readonly stationId: string; readonly at: number; readonly facts: readonly Fact[] };

/**
 * A network whose history is kept in memory: messages are folded and recorded, the sweep rolls up, the API answers. The
 * clock is where the last delivery or sweep put it.
 */
export const historyInMemory = (...registrations: readonly Registration[]) => historyInSegments(1, registrations);

/** The same, with a fleet that is swept in segments. */
export const historyInSegments = (
  segments: number,
  registrations: readonly Registration[],
  options: FleetScanFake & {
    /** Called before the sweep reaches a store; `advance` is the time that takes, and it throws where it cannot be reached. */
    readonly reach?: (advance: (durationMs: number) => void) => void;
  } = {},
) => {
  let now = 0;
  let records = 0;
  const windows = windowStoreInMemory();
  const { store: sessions, records: sessionRecords } = sessionsInMemory();
  const { store: timeline } = timelineInMemory();
  const { store: dirty, marks } = dirtyMarksInMemory(() => now);
  const progress = sweepProgressInMemory();
  const warnings: string[] = [];
  const ports = {
    windows: windows.store,
    sessions,
    timeline,
    dirty,
    clock: () => now,
    now: () => now,
    warn: (kind: string) => void warnings.push(kind),
  };
  const record = recordHistory({ ...ports, tariffs: async () => ({ tariffs: [], assignments: [] }) });
  const fields = queryHistory({
    windows: windows.store,
    timeline,
    registry: fakeStationRegistry(...registrations),
    connectors: {
      ofStation: async (stationId) => aggregates.get(stationId)?.connectors ?? [],
      ofSite: async (siteId) =>
        [...aggregates.values()].flatMap(({ connectors }) => connectors.filter(({ place }) => place.siteId === siteId)),
    },
    clock: () => now,
    sessions: { ...sessions, list: async () => ({ items: [], more: false }) },
    running: { ofStation: async () => [], ofSite: async () => [], ofTag: async () => [] },
  });
  const aggregates = new Map<string, StationAggregate>(
    registrations.map((registration) => [
      registration.stationId,
      { stationId: registration.stationId, station: { registration }, connectors: [] },
    ]),
  );

  const scan = fleetScanInMemory(() => {
    const all = [...aggregates.values()];
    return {
      stations: all.map(({ stationId, station }) => ({ stationId, ...station })),
      connectors: all.flatMap(({ connectors }) => connectors),
    };
  }, options);
  const { reach = () => undefined } = options;
  const advance = (durationMs: number): void => {
    now += durationMs;
  };
  /** A store as the sweep reaches it. */
  const reached = <Store extends object>(store: Store): Store =>
    new Proxy(store, {
      get: (target, name) => {
        const operation: unknown = Reflect.get(target, name);
        if (typeof operation !== 'function') return operation;
        return async (...given: unknown[]) => {
          reach(advance);
          return await operation(...given);
        };
      },
    });
  const sweepPorts = {
    ...ports,
    windows: reached(windows.store),
    sessions: reached(sessions),
    timeline: reached(timeline),
    dirty: reached(dirty),
    progress: reached(progress),
    exclusions: async () => [],
  };
  const rollUp = sweptPart(rollUpWindows(sweepPorts), scan, segments);

  /** Folds a record and records what it changed. Returns what was recorded, which may be recorded again. */
  const deliver = async ({ stationId, at, facts }: Delivery): Promise<readonly Written[]> => {
    now = Math.max(now, at);
    const before = aggregates.get(stationId);
    if (before === undefined) throw new Error(`${stationId} is not registered`);
    records += 1;
    const folded = fold(before, { guard: guardOf('00', String(records)), facts, heardAt: at });
    const { station, connectors } = folded.aggregate;
    aggregates.set(stationId, folded.aggregate);
    const written: Written[] = folded.connectors.flatMap(({ key, changes }) =>
      connectors
        .filter(({ evseId, connectorId }) => evseId === key.evseId && connectorId === key.connectorId)
        .map((connector) => ({ connector: { ...connector, outbox: changes } })),
    );
    if (folded.station && station.state)
      written.push({
        station: { state: { ...station.state, outbox: folded.station.changes }, registration: station.registration },
      });
    await record(written);
    return written;
  };

  const sweep = async (at: number) => {
    now = Math.max(now, at);
    return await rollUp(at);
  };

  return {
    deliver,
    record,
    sweep,
    progress,
    marks,
    warnings,
    rows: windows.rows,
    sessions: sessionRecords,
    sessionsIn: async (fromAt: number, toAt: number) => await sessions.all({ by: 'network', fromAt, toAt }),
    marksOf: async (kind: string) => [...marks.values()].filter((mark) => mark.kind === kind),
    ask: async (field: string, args: Readonly<Record<string, unknown>>): Promise<unknown> =>
      fields[field]?.(args, operator),
  };
};
