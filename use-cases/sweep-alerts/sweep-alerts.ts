import pMap from 'p-map';
import type { Alert } from '../../domain/alerts/alert.ts';
import { type ConditionKey, conditionKey } from '../../domain/alerts/alert-id.ts';
import { type FleetTally, fleetTally, modelSnapshots, wholeTally } from '../../domain/alerts/fleet-tally.ts';
import type { NetworkSnapshot } from '../../domain/alerts/network-snapshot.ts';
import { type Revision, revisionsFor, revisionsForTheRest, type Watched } from '../../domain/alerts/revision.ts';
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
import { isTakenAway, mayBeTakenAway } from '../../domain/fleet/is-taken-away.ts';
import type { AlertTable } from '../ports/alert-table.ts';
import type { SweepFigures } from '../ports/sweep/sweep-progress.ts';
import type { FleetReading } from '../sweep-fleet/read-segment.ts';
import type { SweepPart } from '../sweep-fleet/sweep-part.ts';

export type SweepAlertsPorts = {
  readonly alerts: Pick<AlertTable, 'revise' | 'watched'>;
  readonly overrides: () => Promise<ThresholdOverrides>;
  /** Snapshots of the network that no table scan yields: parked records, demand response. */
  readonly networkSnapshots: (now: number) => Promise<readonly NetworkSnapshot[]>;
  /** What is known of sites beside their connectors, by siteId. */
  readonly siteReadings: () => Promise<ReadonlyMap<string, SiteReading>>;
  /** Hears the figures of a whole run. */
  readonly tell?: (figures: SweepFigures, now: number) => void;
};

/** What a segment of the fleet tells: sums for what is larger than a station, and which watched alerts it has dealt with. */
export type SegmentAlerts = {
  readonly tally: FleetTally;
  readonly handled: readonly ConditionKey[];
  readonly figures: Omit<SweepFigures, 'watched'>;
};

/** Alerts of a mass event are revised side by side: each takes a read and a write. */
const REVISIONS_AT_ONCE = 32;

const stationOf = ({ subject }: Alert): string | undefined => ('stationId' in subject ? subject.stationId : undefined);

/** What of a segment is there: live items remain of a station and of a connector that was removed, and nobody is to be told of them. */
const thereOf = (
  { stations, connectors }: FleetReading,
  now: number,
): Pick<FleetReading, 'stations' | 'connectors'> => {
  const registered = new Map(
    stations.filter(({ registration }) => registration !== undefined).map((station) => [station.stationId, station]),
  );
  return {
    stations: [...registered.values()],
    connectors: connectors.filter((connector) => {
      const station = registered.get(connector.stationId);
      return station !== undefined && !isTakenAway(connector, station, now);
    }),
  };
};

/** The evaluations of every rule on each registered station and its connectors, one station at a time: they are many. */
const evaluationsOf = function* (
  { stations, connectors }: Pick<FleetReading, 'stations' | 'connectors'>,
  now: number,
  thresholds: ThresholdOverrides,
): Iterable<readonly SweepEvaluation[]> {
  const byStation = Map.groupBy(connectors, ({ stationId }) => stationId);
  for (const station of stations) {
    const own = byStation.get(station.stationId) ?? [];
    const snapshot = stationSnapshot(station, own);
    if (snapshot === undefined) continue;
    const contact = stationContact(snapshot);
    yield [
      ...evaluateStation(snapshot, now, thresholds),
      ...own.flatMap((connector) => {
        const evaluations = evaluateConnector(connector, contact, now, thresholds);
        // Until its station has told whether it is there, its alerts are neither raised nor cleared.
        return mayBeTakenAway(connector, station, now)
          ? evaluations.map((evaluation) => ({ ...evaluation, suppressed: true }))
          : evaluations;
      }),
    ];
  }
};

/** What is to be stored after some evaluations: for their own conditions, and for watched alerts nothing was evaluated of. */
const revisionsAfter = (
  evaluations: Iterable<readonly SweepEvaluation[]>,
  watched: Watched,
  { now, thresholds, sawAll }: { now: number; thresholds: ThresholdOverrides; sawAll: boolean },
): readonly Revision[] => {
  const revisions: Revision[] = [];
  const evaluated = new Set<ConditionKey>();
  for (const some of evaluations) {
    revisions.push(...revisionsFor(some, watched));
    for (const { evaluation } of some) {
      const condition = conditionKey(evaluation.rule.name, evaluation.subject);
      if (watched.has(condition)) evaluated.add(condition);
    }
  }
  return [...revisions, ...revisionsForTheRest(evaluated, watched, now, thresholds, sawAll)];
};

/**
 * Evaluates every rule with a state on every connector, station, site and the network, once a minute: O(connectors) reads,
 * and a write only where an alert changes. The evaluations are of the scheduled minute, so a run that is repeated or overlaps
 * another comes to the same alerts. What a failed segment has not looked at the next minute will: rules look at states, not at
 * moments. Sums over the fleet, and whether a subject is gone, wait for a run that saw everything; what lives by time alone does
 * not.
 */
export const sweepAlerts = ({
  alerts,
  overrides,
  networkSnapshots,
  siteReadings,
  tell = () => undefined,
}: SweepAlertsPorts): SweepPart<null, SegmentAlerts> => {
  const take = async (revisions: readonly Revision[]): Promise<number> => {
    const outcomes = await pMap(revisions, (revision) => alerts.revise(revision), { concurrency: REVISIONS_AT_ONCE });
    return outcomes.filter((changed) => changed).length;
  };

  /** One reading serves all segments of a minute that are swept here. */
  let reading: { readonly now: number; readonly alerts: Promise<readonly Alert[]> } | undefined;
  const watchedAt = async (now: number, isOwn: (alert: Alert) => boolean): Promise<Watched> => {
    if (reading?.now !== now) reading = { now, alerts: alerts.watched() };
    return new Map((await reading.alerts).filter(isOwn).map((alert) => [alert.condition, alert]));
  };

  const conclude = async (
    now: number,
    watched: Watched,
    reports: readonly (SegmentAlerts | undefined)[],
  ): Promise<SweepFigures> => {
    const told = reports.flatMap((report) => report ?? []);
    const sawAll = told.length === reports.length;
    const thresholds = await overrides();
    const handled = new Set(told.flatMap((report) => report.handled));
    const rest = new Map([...watched].filter(([condition]) => !handled.has(condition)));
    const tally = wholeTally(told.map((report) => report.tally));
    const readings = sawAll ? await siteReadings() : new Map<string, SiteReading>();
    const sites = sawAll ? tally.sites.map((site) => ({ ...site, ...readings.get(site.siteId) })) : [];
    const snapshots = [...(sawAll ? modelSnapshots(tally) : []), ...(await networkSnapshots(now))];
    const evaluations = [
      ...sites.flatMap((site) => evaluateSite(site, now, thresholds)),
      ...snapshots.flatMap((snapshot) => evaluateNetwork(snapshot, now, thresholds)),
    ];
    const revised = await take(revisionsAfter([evaluations], rest, { now, thresholds, sawAll }));
    const sum = (of: (figures: SegmentAlerts['figures']) => number): number =>
      told.reduce((total, { figures }) => total + of(figures), 0);
    const figures = {
      stations: sum(({ stations }) => stations),
      connectors: sum(({ connectors }) => connectors),
      readUnits: sum(({ readUnits }) => readUnits),
      watched: watched.size,
      revised: revised + sum((figures) => figures.revised),
    };
    tell(figures, now);
    return figures;
  };

  return {
    begin: async (now) => {
      // Read before any segment is: one that is raised meanwhile is in no report, and has its subject all the same.
      const watched = await watchedAt(now, () => true);
      return { orderFor: () => null, conclude: (reports) => conclude(now, watched, reports) };
    },
    inSegment: async (fleet, _, now) => {
      const thresholds = await overrides();
      const seen = new Set([...fleet.stations, ...fleet.connectors].map(({ stationId }) => stationId));
      const watched = await watchedAt(now, (alert) => seen.has(stationOf(alert) ?? ''));
      const there = thereOf(fleet, now);
      const evaluations = evaluationsOf(there, now, thresholds);
      const revised = await take(revisionsAfter(evaluations, watched, { now, thresholds, sawAll: true }));
      return {
        tally: fleetTally(there.connectors, now),
        handled: [...watched.keys()],
        figures: {
          stations: fleet.stations.length,
          connectors: fleet.connectors.length,
          readUnits: fleet.readUnits,
          revised,
        },
      };
    },
  };
};
