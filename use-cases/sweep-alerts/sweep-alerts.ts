import { type ConditionKey, conditionKey } from '../../domain/alerts/alert-id.ts';
import { fleetTally } from '../../domain/alerts/fleet-tally.ts';
import type { NetworkSnapshot } from '../../domain/alerts/network-snapshot.ts';
import { type Revision, revisionsFor, revisionsForTheRest } from '../../domain/alerts/revision.ts';
import type { SiteReading } from '../../domain/alerts/site-snapshot.ts';
import { stationContact, stationSnapshot } from '../../domain/alerts/station-snapshot.ts';
import {
  evaluateConnector,
  evaluateNetwork,
  evaluateSite,
  evaluateStation,
  type SweepEvaluation,
} from '../../domain/alerts/sweep-evaluation.ts';
import type { ThresholdOverrides } from '../../domain/alerts/thresholds.ts';
import type { AlertTable } from '../ports/alert-table.ts';
import type { FleetScan, Segment, StationItem } from '../ports/fleet-scan.ts';
import type { SweepFigures } from '../ports/sweep-progress.ts';
import { byStation, type StationConnectors } from './by-station.ts';

export type SweepAlertsPorts = {
  readonly fleet: FleetScan;
  readonly alerts: Pick<AlertTable, 'revise' | 'watched'>;
  readonly overrides: () => Promise<ThresholdOverrides>;
  /** Snapshots of the network that no table scan yields: parked records, demand response. */
  readonly networkSnapshots: (now: number) => Promise<readonly NetworkSnapshot[]>;
  /** What is known of sites beside their connectors, by siteId. */
  readonly siteReadings: () => Promise<ReadonlyMap<string, SiteReading>>;
};

/** Every segment, side by side; one that fails does not keep the others from being done. Returns why those failed that did. */
const allSegments = async (total: number, work: (segment: Segment) => Promise<void>): Promise<readonly unknown[]> => {
  const outcomes = await Promise.allSettled(Array.from({ length: total }, (_, index) => work({ index, total })));
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
};

/**
 * Evaluates every rule with a state on every connector, station, site and the network, once a minute: O(connectors) reads,
 * and a write only where an alert changes. `now` is the scheduled minute, so a run that is repeated or overlaps another comes
 * to the same alerts. What a failed segment has not looked at the next minute will: rules look at states, not at moments. Sums over
 * the fleet, and whether a subject is gone, wait for a run that saw everything; what lives by time alone does not.
 * Throws when a segment failed; all else has been done, and nothing has been concluded from what was not seen.
 */
export const sweepAlerts =
  ({ fleet, alerts, overrides, networkSnapshots, siteReadings }: SweepAlertsPorts, segments: number) =>
  async (now: number): Promise<SweepFigures> => {
    const thresholds = await overrides();
    const watched = new Map((await alerts.watched()).map((alert) => [alert.condition, alert]));
    const stations = new Map<string, StationItem>();
    const seen = new Set<string>();
    const evaluated = new Set<ConditionKey>();
    const tally = fleetTally(now);
    const figures = { connectors: 0, readUnits: 0, revised: 0 };

    const take = async (revisions: readonly Revision[]): Promise<void> => {
      const outcomes = await Promise.all(revisions.map((revision) => alerts.revise(revision)));
      figures.revised += outcomes.filter((changed) => changed).length;
    };
    const apply = (evaluations: readonly SweepEvaluation[]): Promise<void> => {
      for (const { evaluation } of evaluations) evaluated.add(conditionKey(evaluation.rule.name, evaluation.subject));
      return take(revisionsFor(evaluations, watched));
    };
    const sweepStation = ({ stationId, connectors }: StationConnectors): Promise<void> => {
      const station = stations.get(stationId);
      const snapshot = station && stationSnapshot(station, connectors);
      const contact = snapshot ? stationContact(snapshot) : { heardAt: 0, connected: false };
      seen.add(stationId);
      tally.add(connectors);
      figures.connectors += connectors.length;
      return apply([
        ...(snapshot ? evaluateStation(snapshot, now, thresholds) : []),
        ...connectors.flatMap((connector) => evaluateConnector(connector, contact, now, thresholds)),
      ]);
    };

    const unread = await allSegments(segments, async (segment) => {
      for await (const { items, readUnits } of fleet.stations(segment)) {
        figures.readUnits += readUnits;
        for (const station of items) stations.set(station.stationId, station);
      }
    });
    const failed = await allSegments(segments, async (segment) => {
      const pages = byStation(fleet.connectors(segment), (readUnits) => {
        figures.readUnits += readUnits;
      });
      for await (const station of pages)
        if (unread.length === 0 || stations.has(station.stationId)) await sweepStation(station);
    });
    const failures = [...unread, ...failed];
    const sawAll = failures.length === 0;
    if (sawAll) {
      for (const stationId of stations.keys())
        if (!seen.has(stationId)) await sweepStation({ stationId, connectors: [] });
      const readings = await siteReadings();
      const sites = tally.sites().map((site) => ({ ...site, ...readings.get(site.siteId) }));
      await apply(sites.flatMap((site) => evaluateSite(site, now, thresholds)));
    }
    const snapshots = [...(sawAll ? tally.models() : []), ...(await networkSnapshots(now))];
    await apply(snapshots.flatMap((snapshot) => evaluateNetwork(snapshot, now, thresholds)));
    await take(revisionsForTheRest(evaluated, watched, now, thresholds, sawAll));
    if (!sawAll) throw new AggregateError(failures, `${failures.length} segments of the fleet could not be swept`);
    return { stations: stations.size, watched: watched.size, ...figures };
  };
