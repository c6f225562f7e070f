import { endFor, type PlannedStation, type ZonePlan } from './zone-plan.ts';

/** Whether a station is to hold a cap that did not reach it. One that is to return keeps what is known of its limit. */
const isUnreached = (plan: ZonePlan, station: PlannedStation): boolean =>
  station.sent?.answer === 'unreachable' && (endFor(plan, station) ?? 0) > plan.decidedAt;

/** Ids of the stations of a zone that could not be sent their caps because they were offline. */
export const unreachedStations = (plan: ZonePlan): readonly string[] =>
  plan.stations.filter((station) => isUnreached(plan, station)).map(({ stationId }) => stationId);

/**
 * A plan in which those of them that can be sent something by now (`reachable`) were sent nothing yet: they are owed their caps.
 * What a meter seems to say does not count: at a station that never connected nothing charges, either.
 */
export const reachedAgain = (plan: ZonePlan, reachable: ReadonlySet<string>): ZonePlan => {
  if (reachable.size === 0) return plan;
  const stations = plan.stations.map((station) => {
    if (!isUnreached(plan, station) || !reachable.has(station.stationId)) return station;
    const { sent: _, ...unsent } = station;
    return unsent;
  });
  return { ...plan, stations };
};
