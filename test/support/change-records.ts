import type { Connector } from '../../domain/connector/connector.ts';
import { guardOf } from '../../domain/kernel/guard.ts';
import { fold } from '../../domain/station/fold.ts';
import type { Scene } from '../../domain/station/scene.ts';
import type { ItemChange } from '../../use-cases/ports/item-change.ts';
import { type Message, registration } from './station-days.ts';

type Keyed = { readonly connectors: ReadonlyMap<string, Connector>; readonly scene: Scene };

const keyOf = ({ evseId, connectorId }: Connector): string => `${evseId}#${connectorId}`;
const keyed = (scene: Scene): Keyed => ({
  scene,
  connectors: new Map(scene.connectors.map((connector) => [keyOf(connector), connector])),
});

/** An item as the table holds it after a record: with the changes of that record in its outbox. */
const withOutboxes = (scene: Scene, folded: ReturnType<typeof fold>): Scene => {
  const { state, ...station } = folded.scene.station;
  const outboxOf = (connector: Connector) =>
    folded.connectors.find(({ key }) => keyOf({ ...connector, ...key }) === keyOf(connector))?.changes;
  return {
    ...folded.scene,
    station: {
      ...station,
      ...(state && { state: { ...state, outbox: folded.station?.changes ?? scene.station.state?.outbox ?? [] } }),
    },
    connectors: folded.scene.connectors.map((connector) => ({
      ...connector,
      outbox: outboxOf(connector) ?? connector.outbox,
    })),
  };
};

/** The change records that a station's messages make in tables connectors and stations, one write per message and item. */
export const changeRecords = (stationId: string, messages: readonly Message[]): readonly ItemChange[] => {
  let before = keyed({ stationId, station: { registration: registration(stationId) }, connectors: [] });
  const records: ItemChange[] = [];
  for (const [index, message] of messages.entries()) {
    const folded = fold(before.scene, { guard: guardOf('00', String(index + 1)), ...message });
    const after = keyed(withOutboxes(before.scene, folded));
    for (const [key, connector] of after.connectors) {
      const old = before.connectors.get(key);
      if (old?.rev !== connector.rev)
        records.push({ kind: 'connector', ...(old && { before: old }), after: connector });
    }
    if (folded.station)
      records.push({
        kind: 'station',
        before: { stationId, ...before.scene.station },
        after: { stationId, ...after.scene.station },
      });
    before = after;
  }
  return records;
};
