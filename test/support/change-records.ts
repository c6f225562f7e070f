import type { Connector } from '../../domain/connector/connector.ts';
import { guardOf } from '../../domain/kernel/guard.ts';
import { fold } from '../../domain/station/fold.ts';
import type { StationAggregate } from '../../domain/station/station-aggregate.ts';
import { connectorChange, type ItemChange, stationChange } from '../../use-cases/ports/item-change.ts';
import { type Message, registration } from './station-days.ts';

type Keyed = { readonly connectors: ReadonlyMap<string, Connector>; readonly aggregate: StationAggregate };

const keyOf = ({ evseId, connectorId }: Connector): string => `${evseId}#${connectorId}`;
const keyed = (aggregate: StationAggregate): Keyed => ({
  aggregate,
  connectors: new Map(aggregate.connectors.map((connector) => [keyOf(connector), connector])),
});

/** An item as the table holds it after a record: with the changes of that record in its outbox. */
const withOutboxes = (aggregate: StationAggregate, folded: ReturnType<typeof fold>): StationAggregate => {
  const { state, ...station } = folded.aggregate.station;
  const outboxOf = (connector: Connector) =>
    folded.connectors.find(({ key }) => keyOf({ ...connector, ...key }) === keyOf(connector))?.changes;
  return {
    ...folded.aggregate,
    station: {
      ...station,
      ...(state && { state: { ...state, outbox: folded.station?.changes ?? aggregate.station.state?.outbox ?? [] } }),
    },
    connectors: folded.aggregate.connectors.map((connector) => ({
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
    const folded = fold(before.aggregate, { guard: guardOf('00', String(index + 1)), ...message });
    const after = keyed(withOutboxes(before.aggregate, folded));
    for (const [key, connector] of after.connectors) {
      const old = before.connectors.get(key);
      if (old?.rev !== connector.rev) records.push(connectorChange(old, connector));
    }
    if (folded.station)
      records.push(
        stationChange({ stationId, ...before.aggregate.station }, { stationId, ...after.aggregate.station }),
      );
    before = after;
  }
  return records;
};
