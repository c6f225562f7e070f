import type { AlertTable } from '../../aws/alert-table.ts';
import type { FleetScan, Segment } from '../../aws/fleet-scan.ts';
import type { StationItem } from '../../aws/station-item.ts';
import { type ConditionKey, conditionKey } from '../../domain/alerts/alert-id.ts';
import { fleetTally } from '../../domain/alerts/fleet.ts';
import { type Asked, askConnector, askNetwork, askSite, askStation } from '../../domain/alerts/judge-fleet.ts';
import { stationView } from '../../domain/alerts/station-view.ts';
import { type Revision, revisionsFor, revisionsForTheRest } from '../../domain/alerts/sweep.ts';
import type { ThresholdOverrides } from '../../domain/alerts/thresholds.ts';
import { type NetworkView, stationHeardAt } from '../../domain/alerts/views.ts';
import { byStation, type StationConnectors } from './by-station.ts';

export type SweepAlertsPorts = {
  readonly fleet: FleetScan;
  readonly alerts: Pick<AlertTable, 'revise' | 'watched'>;
  readonly overrides: () => Promise<ThresholdOverrides>;
  /** Views of the network that no table scan yields: parked records, demand response. */
  readonly networkViews: (now: number) => Promise<readonly NetworkView[]>;
};

/** What a sweep cost and did. */
export type SweepFigures = {
  readonly stations: number;
  readonly connectors: number;
  readonly readUnits: number;
  readonly watched: number;
  readonly revised: number;
};

/** Every part of it, side by side; a part that fails does not keep the others from being done. */
const allSegments = async (total: number, work: (segment: Segment) => Promise<void>): Promise<void> => {
  const outcomes = await Promise.allSettled(Array.from({ length: total }, (_, index) => work({ index, total })));
  const failures = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason);
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} of ${total} segments failed`);
};

/**
 * Asks every rule with a state about every connector, station, site and the network, once a minute: O(connectors) reads,
 * and a write only where an alert changes. `now` is the scheduled minute, so a run that is repeated or overlaps another comes
 * to the same alerts. What a failed segment has not looked at the next minute will: rules judge states, not moments.
 * Throws when a segment failed; the others have been done, and nothing has been concluded from what was not seen.
 */
export const sweepAlerts =
  ({ fleet, alerts, overrides, networkViews }: SweepAlertsPorts, segments: number) =>
  async (now: number): Promise<SweepFigures> => {
    const thresholds = await overrides();
    const watched = new Map((await alerts.watched()).map((alert) => [alert.condition, alert]));
    const stations = new Map<string, StationItem>();
    const seen = new Set<string>();
    const asked = new Set<ConditionKey>();
    const tally = fleetTally(now);
    const figures = { connectors: 0, readUnits: 0, revised: 0 };

    const take = async (revisions: readonly Revision[]): Promise<void> => {
      const outcomes = await Promise.all(revisions.map((revision) => alerts.revise(revision)));
      figures.revised += outcomes.filter((changed) => changed).length;
    };
    const ask = (questions: readonly Asked[]): Promise<void> => {
      for (const { judgement } of questions) asked.add(conditionKey(judgement.rule.name, judgement.subject));
      return take(revisionsFor(questions, watched));
    };
    const sweepStation = ({ stationId, connectors }: StationConnectors): Promise<void> => {
      const station = stations.get(stationId);
      const view = station && stationView(station, connectors);
      const heardAt = view ? stationHeardAt(view) : 0;
      seen.add(stationId);
      tally.add(connectors);
      figures.connectors += connectors.length;
      return ask([
        ...(view ? askStation(view, now, thresholds) : []),
        ...connectors.flatMap((connector) => askConnector(connector, heardAt, now, thresholds)),
      ]);
    };

    await allSegments(segments, async (segment) => {
      for await (const { items, readUnits } of fleet.stations(segment)) {
        figures.readUnits += readUnits;
        for (const station of items) stations.set(station.stationId, station);
      }
    });
    await allSegments(segments, async (segment) => {
      const pages = byStation(fleet.connectors(segment), (readUnits) => {
        figures.readUnits += readUnits;
      });
      for await (const station of pages) await sweepStation(station);
    });
    for (const stationId of stations.keys())
      if (!seen.has(stationId)) await sweepStation({ stationId, connectors: [] });
    await ask(tally.sites().flatMap((site) => askSite(site, now, thresholds)));
    const views = [...tally.models(), ...(await networkViews(now))];
    await ask(views.flatMap((view) => askNetwork(view, now, thresholds)));
    await take(revisionsForTheRest(asked, watched, now, thresholds));
    return { stations: stations.size, watched: watched.size, ...figures };
  };
