import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { StationState } from '../../domain/station/station-state.ts';
import type { StationItem } from '../../use-cases/ports/fleet-scan.ts';
import { packed, unpacked } from './packed.ts';

/** What no index and no resolver reads. Stations wrote part of it: DynamoDB would not take every number and name of theirs. */
type Inside = Pick<StationState, 'outbox'> &
  Partial<Pick<StationState, 'mainMeter' | 'unplaced' | 'orphans' | 'capabilities' | 'reservations' | 'profiles'>>;

/** Attribute `state` of table stations. */
export type StateAttribute = Omit<StationState, keyof Inside> & { readonly packed: Uint8Array };

/** The state of a station as it is stored. */
export const stateAttribute = (state: StationState): StateAttribute => {
  const { outbox, mainMeter, unplaced, orphans, capabilities, reservations, profiles, ...plain } = state;
  const inside: Inside = {
    outbox,
    ...omitUndefined({ mainMeter, unplaced, orphans, capabilities, reservations, profiles }),
  };
  return { ...plain, packed: packed(inside) };
};

const stateFrom = ({ packed: bytes, ...plain }: StateAttribute): StationState => ({
  ...plain,
  ...(unpacked(bytes) as Inside),
});

/** The station an item of the table (or of its change stream) holds. What its writers wrote is what comes back. */
export const stationFromItem = (item: Readonly<Record<string, unknown>>): StationItem => {
  const { state, ...rest } = item as Omit<StationItem, 'state'> & { readonly state?: StateAttribute };
  return { ...rest, ...omitUndefined({ state: state && stateFrom(state) }) };
};
