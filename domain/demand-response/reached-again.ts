import type { PlannedStation, ZonePlan } from './zone-plan.ts';

const isUnreached = ({ sent, hasLeft }: PlannedStation): boolean => sent?.answer === 'unreachable' && hasLeft !== true;

/** Ids of the stations of a zone that could not be sent their caps because they were offline. */
export const unreachedStations = ({ stations }: Pick<ZonePlan, 'stations'>): readonly string[] =>
  stations.filter(isUnreached).map(({ stationId }) => stationId);

/**
 * A plan in which those of them that can be sent something by now (`reachable`) were sent nothing yet: they are owed their caps.
 * What a meter seems to say does not count: at a station that never connected nothing charges, either.
 */
export const reachedAgain = (plan: ZonePlan, reachable: ReadonlySet<string>): ZonePlan => {
  if (reachable.size === 0) return plan;
  const stations = plan.stations.map((station) => {
    if (!isUnreached(station) || !reachable.has(station.stationId)) return station;
    const { sent: _, ...unsent } = station;
    return unsent;
  });
  return { ...plan, stations };
};
