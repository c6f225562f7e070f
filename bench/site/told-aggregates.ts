import type { Connector } from '../../domain/connector/connector.ts';
import { connectorSortKey } from '../../domain/kernel/connector-key.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import type { fakeSceneStore } from '../../test/fakes/aggregate-store.ts';
import { connectorChange, type ItemChange, stationChange } from '../../use-cases/ports/item-change.ts';

type Aggregates = ReturnType<typeof fakeSceneStore>;

/** Aggregates that tell what each write changed, as the change streams of their tables do. */
export const toldAggregates = (
  inner: Aggregates,
  registered: ReadonlyMap<string, Registration>,
  tell: (stationId: string, changes: readonly ItemChange[]) => void,
): Aggregates => {
  const connectorOf = (of: Connector): Connector | undefined =>
    inner.connectors.get(`${of.stationId}#${connectorSortKey(of)}`);
  return {
    ...inner,
    commit: async (writes, together) => {
      const changes = writes.map((write): ItemChange => {
        if (write.kind === 'connector') return connectorChange(connectorOf(write.item), write.item);
        const { stationId } = write.item;
        const station = { stationId, ...omitUndefined({ registration: registered.get(stationId) }) };
        const before = inner.states.get(stationId);
        return stationChange({ ...station, ...omitUndefined({ state: before }) }, { ...station, state: write.item });
      });
      const outcome = await inner.commit(writes, together);
      const [first] = writes;
      if (outcome === 'committed' && first !== undefined) tell(first.item.stationId, changes);
      return outcome;
    },
  };
};
