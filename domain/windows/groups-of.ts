import type { FleetStation } from '../fleet/fleet-station.ts';
import type { Group, RolledUp } from './series.ts';

type Growing = Group & {
  readonly marks: Set<string>;
  readonly stations: FleetStation[];
  readonly connectors: unknown[];
};

/**
 * Groups the connectors and stations of a fleet by the keys of a rolled-up series: one group for each key (a site, a region).
 * Registered connectors that never sent a message are included.
 */
export const groupsOf = (keys: RolledUp['keys'], fleet: readonly FleetStation[]): readonly Group[] => {
  const groups = new Map<string, Growing>();
  for (const station of fleet)
    for (const connector of station.connectors)
      for (const { key, labels, mark } of keys(connector)) {
        const { timeZone } = connector.place;
        const group = groups.get(key) ?? { key, labels, timeZone, marks: new Set(), stations: [], connectors: [] };
        groups.set(key, group);
        group.marks.add(mark);
        group.connectors.push(connector);
        if (group.stations.at(-1) !== station) group.stations.push(station);
      }
  return [...groups.values()];
};
