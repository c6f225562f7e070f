import type { FleetStation } from '../fleet/fleet-station.ts';
import type { Group, RolledUp, Series } from './series.ts';

type Growing = Group & {
  readonly marks: Set<string>;
  readonly stations: FleetStation[];
  readonly connectors: unknown[];
};

/**
 * Groups the connectors and stations of a fleet by the keys of a rolled-up series: one group for each key (a site, a region).
 * Registered connectors that never sent a message are included; those that nobody registered where the series counts them.
 */
export const groupsOf = (
  { keys, countsUnregistered }: Pick<RolledUp, 'keys' | 'countsUnregistered'>,
  fleet: readonly FleetStation[],
): readonly Group[] => {
  const groups = new Map<string, Growing>();
  for (const station of fleet)
    for (const connector of station.connectors) {
      if (!connector.isRegistered && countsUnregistered !== true) continue;
      for (const { key, labels, mark } of keys(connector)) {
        const { timeZone } = connector.place;
        const group = groups.get(key) ?? { key, labels, timeZone, marks: new Set(), stations: [], connectors: [] };
        groups.set(key, group);
        group.marks.add(mark);
        group.connectors.push(connector);
        if (group.stations.at(-1) !== station) group.stations.push(station);
      }
    }
  return [...groups.values()];
};

/** The groups of a fleet under every series, each made once, however often it is asked for. */
export type FleetGroups = {
  readonly of: (series: Series<RolledUp>) => readonly Group[];
  /** The groups that marks of late data with some keys concern. */
  readonly marked: (series: Series<RolledUp>, keys: Iterable<string>) => readonly Group[];
};

/** Groups of a fleet, made when they are first asked for: finding what a mark concerns must not go through the whole fleet again. */
export const fleetGroups = (fleet: readonly FleetStation[]): FleetGroups => {
  const made = new Map<string, { readonly all: readonly Group[]; readonly byMark: Map<string, Group[]> }>();
  const groups = ({ name, source }: Series<RolledUp>) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const all = groupsOf(source, fleet);
    const byMark = new Map<string, Group[]>();
    for (const group of all)
      for (const mark of group.marks) {
        const marked = byMark.get(mark);
        if (marked === undefined) byMark.set(mark, [group]);
        else marked.push(group);
      }
    made.set(name, { all, byMark });
    return { all, byMark };
  };
  return {
    of: (series) => groups(series).all,
    marked: (series, keys) => {
      const { byMark } = groups(series);
      return [...new Set([...new Set(keys)].flatMap((key) => byMark.get(key) ?? []))];
    },
  };
};
