import { connectorFromItem } from '../../aws/connector-item.ts';
import { Rejected } from '../../domain/rejected.ts';
import type { Registration, StationState } from '../../domain/station/station.ts';
import type { TableChange } from '../../runtime/table-stream.ts';
import type { Written } from './record-history.ts';

const revOf = (state: unknown): number | undefined => {
  if (typeof state !== 'object' || state === null || !('rev' in state)) return undefined;
  return typeof state.rev === 'number' ? state.rev : undefined;
};

// Each attribute has one writer, project-state or the registry: what it wrote is what comes back.
const station = ({ item, before }: TableChange): Written | undefined => {
  const rev = revOf(item?.state);
  // Heartbeats and registrations write the same item; their images show an outbox that was handled before.
  if (rev === undefined || rev === revOf(before?.state)) return undefined;
  return {
    station: { state: item?.state as StationState, registration: item?.registration as Registration | undefined },
  };
};

/**
 * What a change of tables connectors or stations says to history; undefined when its outbox is not new.
 * Throws Rejected for an item that cannot be read.
 */
export const writtenItem = (change: TableChange): Written | undefined => {
  const { item } = change;
  if (item === undefined) return undefined;
  if (item.connectorKey === undefined) return station(change);
  try {
    return { connector: connectorFromItem(item) };
  } catch (error) {
    throw new Rejected(`Connector ${change.key} cannot be read: ${String(error)}`, { cause: error });
  }
};
