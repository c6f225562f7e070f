import type { Connector } from '../../domain/connector/connector.ts';
import { connectorSortKey } from '../../domain/kernel/connector-key.ts';
import type { StateChange } from '../../domain/kernel/state-change.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import type { StationState } from '../../domain/station/station-state.ts';
import type { AggregateStore, AggregateWrite } from '../../use-cases/ports/aggregate-store.ts';

/** A aggregate store in memory, with its change stream: every committed outbox, in order. */
export type FakeSceneStore = AggregateStore & {
  readonly log: StateChange[];
  readonly connectors: Map<string, Connector>;
  readonly states: Map<string, StationState>;
};

const pathOf = (item: Connector): string => `${item.stationId}#${connectorSortKey(item)}`;

/** @param isGuarded false leaves the condition out, for tests that show what it is there for. */
export const fakeSceneStore = (
  registrations: readonly Registration[] = [],
  { isGuarded = true }: { isGuarded?: boolean } = {},
): FakeSceneStore => {
  const connectors = new Map<string, Connector>();
  const states = new Map<string, StationState>();
  const log: StateChange[] = [];
  const current = (write: AggregateWrite): string =>
    (write.kind === 'connector' ? connectors.get(pathOf(write.item)) : states.get(write.item.stationId))?.guard ?? '';
  const allowed = (write: AggregateWrite): boolean =>
    !isGuarded || (current(write) === write.readGuard && write.readGuard < write.item.guard);
  const put = (write: AggregateWrite): void => {
    if (write.kind === 'connector') connectors.set(pathOf(write.item), structuredClone(write.item));
    else states.set(write.item.stationId, structuredClone(write.item));
    log.push(...write.item.outbox);
  };
  return {
    log,
    connectors,
    states,
    load: async (stationId) => {
      const registration = registrations.find((entry) => entry.stationId === stationId);
      const state = states.get(stationId);
      const own = [...connectors.values()].filter((item) => item.stationId === stationId);
      own.sort((a, b) => (connectorSortKey(a) < connectorSortKey(b) ? -1 : 1));
      return {
        stationId,
        station: { ...(registration && { registration }), ...(state && { state: structuredClone(state) }) },
        connectors: structuredClone(own),
      };
    },
    commit: async (writes, together) => {
      if (together && !writes.every(allowed)) return 'conflict';
      for (const write of writes) {
        if (!allowed(write)) return 'conflict';
        put(write);
        if (!together) await Promise.resolve();
      }
      return 'committed';
    },
  };
};
