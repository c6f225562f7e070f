import { type StatusMark, statusIntervals } from '../availability/status-intervals.ts';
import type { FleetConnector } from '../fleet/fleet.ts';
import { availabilityGroups } from './dirty.ts';
import { availabilityKey, networkAvailability5m } from './network-availability-5m.ts';
import type { Window } from './window.ts';

/** Whether the live item alone tells a connector's status since an instant: nothing changed after it. */
export const isSettledSince = ({ live }: FleetConnector, fromAt: number): boolean =>
  live === undefined || live.statusAt <= fromAt;

/** What the live item says of the time since its status began. */
export const liveMarks = ({ live }: FleetConnector): StatusMark[] =>
  live === undefined ? [] : [{ at: live.statusAt, status: live.status }];

/** Connectors by the groups they count in. */
export const availabilityMembers = (connectors: readonly FleetConnector[]): Map<string, FleetConnector[]> => {
  const members = new Map<string, FleetConnector[]>();
  for (const connector of connectors)
    for (const group of availabilityGroups(connector.place)) {
      const key = availabilityKey(group);
      members.set(key, [...(members.get(key) ?? []), connector]);
    }
  return members;
};

/** Rows of a group for the windows within [fromAt, toAt), from the status marks of ALL its connectors. */
export const rollUpAvailability = (
  key: string,
  marks: readonly (readonly StatusMark[])[],
  fromAt: number,
  toAt: number,
  version: number,
): Window[] => {
  const { name, sizeMs, measure } = networkAvailability5m;
  const connectors = marks.map((ofOne) => statusIntervals(ofOne, fromAt, toAt));
  const windows: Window[] = [];
  for (let startAt = fromAt; startAt + sizeMs <= toAt; startAt += sizeMs) {
    const endAt = startAt + sizeMs;
    const inside = connectors.map((intervals) =>
      intervals.filter((interval) => interval.fromAt < endAt && interval.toAt > startAt),
    );
    windows.push({
      series: name,
      key,
      startAt,
      version,
      measures: measure({ fromAt: startAt, toAt: endAt, connectors: inside }),
      labels: {},
    });
  }
  return windows;
};
