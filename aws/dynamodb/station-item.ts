import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { StationState } from '../../domain/station/station-state.ts';
import type { StationItem } from '../../use-cases/ports/fleet-scan.ts';
import { packed, unpacked } from './packed.ts';

/** What resolvers and the conditions of writes read by name. */
type Plain = Pick<
  StationState,
  'presence' | 'vendor' | 'model' | 'serialNumber' | 'firmware' | 'bootedAt' | 'clockOffsetMs' | 'guard' | 'rev'
>;

/** Attribute `state` of table stations. Stations wrote part of the rest: DynamoDB would not take every number and name of theirs. */
export type StateAttribute = Plain & { readonly packed: Uint8Array };

/** The state of a station as it is stored. */
export const stateAttribute = (state: StationState): StateAttribute => {
  const { presence, vendor, model, serialNumber, firmware, bootedAt, clockOffsetMs, guard, rev, ...inside } = state;
  return {
    presence,
    guard,
    rev,
    ...omitUndefined({ vendor, model, serialNumber, firmware, bootedAt, clockOffsetMs }),
    packed: packed(inside),
  };
};

const stateFrom = ({ packed: bytes, ...plain }: StateAttribute): StationState => ({
  ...plain,
  ...(unpacked(bytes) as Omit<StationState, keyof Plain>),
});

/** The station an item of the table (or of its change stream) holds. What its writers wrote is what comes back. */
export const stationFromItem = (item: Readonly<Record<string, unknown>>): StationItem => {
  const { state, ...rest } = item as Omit<StationItem, 'state'> & { readonly state?: StateAttribute };
  return { ...rest, ...omitUndefined({ state: state && stateFrom(state) }) };
};
