import type { SetpointCommand } from '../../domain/site/decide-site.ts';
import { siteLoadW } from '../../simulator/site-load-w.ts';
import { type VirtualFleet, virtualFleet } from '../../simulator/virtual-fleet.ts';
import { commitmentWatch, type Excess, heldBy, type Snapshot } from './commitment-watch.ts';
import { type EnergyAccount, noteEnergy, sumOfAccounts } from './energy-account.ts';
import { befall, type FaultKind, type PlannedFault } from './planned-faults.ts';
import type { PlannedVisit } from './planned-visit.ts';
import { capacityW, type DayOptions, driversOf, type SimulatedSite } from './simulated-site.ts';
import { type ReaderOf, type VirtualStack, virtualStack } from './virtual-stack.ts';

export type LiveDayOptions = DayOptions & {
  readonly sites: readonly SimulatedSite[];
  readonly faults: readonly PlannedFault[];
  /** Instead of allocate-site; without it the sites are controlled as deployed. */
  readonly reader?: ReaderOf;
  /** Between two looks at every charger. */
  readonly lookMs: number;
  /** Called at each look, for tests. */
  readonly looked?: (siteId: string, snapshot: Snapshot) => void;
};

/** The meter of a building speaks this often: the control period. */
export const METER_MS = 15_000;
/** Streams, mailbox, the line and the charger that turns its limit down. */
export const ACTUATION_MS = 10_000;
/** After a fault is over, its effects may last so long. */
const AFTERMATH_MS = 90_000;
const CAR_METER_MS = 60_000;
/** Having plugged in, a driver tells when the car leaves and what it is to get by then. */
const TELLS_AFTER_MS = 1_000;

export type DayFigures = {
  readonly energyWh: number;
  /** Where the rest was left. */
  readonly left: EnergyAccount;
  /** Committed above what the building leaves at the instant: for as long as a fall of the budget takes to arrive. */
  readonly overall: Excess;
  readonly drawn: Excess;
  readonly beyond: Readonly<Partial<Record<FaultKind | 'nothing', Excess>>>;
  readonly sessions: number;
  readonly sessionHours: number;
  /** Setpoints that differ from the one before, and such that only renew it. */
  readonly setpoints: number;
  readonly refreshes: number;
  /** SetChargingProfile on the wire, fall-backs and repetitions too. */
  readonly profilesSent: number;
  readonly pauses: readonly number[];
  /** Time in which the cars there could take at least twice what the building leaves, summed over sites. */
  readonly scarceHours: number;
  readonly warnings: Readonly<Record<string, number>>;
};

const sum = (excesses: readonly Excess[]): Excess =>
  excesses.reduce(
    (all, one) => ({
      seconds: all.seconds + one.seconds,
      kwh: all.kwh + one.kwh,
      mostW: Math.max(all.mostW, one.mostW),
      longestSec: Math.max(all.longestSec, one.longestSec),
    }),
    { seconds: 0, kwh: 0, mostW: 0, longestSec: 0 },
  );

const countsOf = (figures: readonly DayFigures[], count: (figures: DayFigures) => number): number =>
  figures.reduce((total, one) => total + count(one), 0);

/** The figures of several groups of sites as those of one. */
export const sumOfFigures = (figures: readonly DayFigures[]): DayFigures => {
  const kinds = new Set(figures.flatMap(({ beyond }) => Object.keys(beyond) as (keyof DayFigures['beyond'])[]));
  const warnings = new Set(figures.flatMap((one) => Object.keys(one.warnings)));
  return {
    energyWh: countsOf(figures, ({ energyWh }) => energyWh),
    left: sumOfAccounts(figures.map(({ left }) => left)),
    overall: sum(figures.map(({ overall }) => overall)),
    drawn: sum(figures.map(({ drawn }) => drawn)),
    beyond: Object.fromEntries(
      [...kinds].map((kind) => [kind, sum(figures.flatMap(({ beyond }) => beyond[kind] ?? []))]),
    ),
    sessions: countsOf(figures, ({ sessions }) => sessions),
    sessionHours: countsOf(figures, ({ sessionHours }) => sessionHours),
    setpoints: countsOf(figures, ({ setpoints }) => setpoints),
    refreshes: countsOf(figures, ({ refreshes }) => refreshes),
    profilesSent: countsOf(figures, ({ profilesSent }) => profilesSent),
    pauses: figures.flatMap(({ pauses }) => pauses),
    scarceHours: countsOf(figures, ({ scarceHours }) => scarceHours),
    warnings: Object.fromEntries(
      [...warnings].map((kind) => [kind, countsOf(figures, (one) => one.warnings[kind] ?? 0)]),
    ),
  };
};

/** How many setpoints a session got. */
const setpointCounter = () => {
  const lastW = new Map<string, number>();
  const counts = { setpoints: 0, refreshes: 0 };
  return {
    counts,
    asked: ({ sessionId, limitW }: SetpointCommand): void => {
      if (lastW.get(sessionId) === limitW) counts.refreshes += 1;
      else counts.setpoints += 1;
      lastW.set(sessionId, limitW);
    },
  };
};

/** Pauses of cars that could charge, by what flows; seconds. */
const pauseWatch = () => {
  const since = new Map<string, number>();
  const pauses: number[] = [];
  const end = (id: string, at: number): void => {
    const from = since.get(id);
    if (from !== undefined) pauses.push((at - from) / 1_000);
    since.delete(id);
  };
  return {
    pauses,
    take: (id: string, isPaused: boolean, at: number): void => {
      if (!isPaused) end(id, at);
      else if (!since.has(id)) since.set(id, at);
    },
  };
};

/** The sites of a day with their chargers, the stack, and what is seen of them. */
export const liveDay = (options: LiveDayOptions) => {
  const { sites, faults, seed, startAt, lookMs, looked } = options;
  const setpoints = setpointCounter();
  const pauses = pauseWatch();
  const stations = sites.flatMap((site) => site.stations);
  const siteOf = new Map(sites.flatMap((site) => site.stations.map(({ stationId }) => [stationId, site] as const)));
  const built: { stack?: VirtualStack } = {};
  const fleet: VirtualFleet = virtualFleet({
    stations,
    tags: ['T1', ...stations.flatMap(({ stationId }) => [`${stationId}-A`, `${stationId}-B`])],
    seed,
    startAt,
    sampleMs: CAR_METER_MS,
    csms: (clock) => {
      const stack = virtualStack(clock, {
        stations,
        sites: sites.map(({ configuration }) => configuration),
        asked: setpoints.asked,
        ...(options.reader && { reader: options.reader }),
      });
      built.stack = stack;
      return stack;
    },
    driversOf: (station) => {
      const site = siteOf.get(station.stationId);
      if (site === undefined) throw new Error(`${station.stationId} stands at no site`);
      return driversOf(site, station);
    },
  });
  const { stack } = built;
  if (stack === undefined) throw new Error('No stack was asked for');
  const { clock, points } = fleet;
  const watches = new Map(
    sites.map(({ configuration: { siteId } }) => [siteId, commitmentWatch(METER_MS + ACTUATION_MS)]),
  );
  const lost = { meters: new Set<string>(), isStopped: false };
  const totals = { sessionSec: 0, scarceSec: 0, energyWh: 0 };
  const left = sumOfAccounts([]);
  const readingAt = new Map<string, number>();

  const recordsOf = (site: SimulatedSite) =>
    site.stations.flatMap(({ stationId }) => points.get(stationId)?.record() ?? []);
  const tellMeter = (site: SimulatedSite): void => {
    const { siteId } = site.configuration;
    const at = clock.now();
    if (!lost.meters.has(siteId)) {
      readingAt.set(siteId, at);
      const evPowerW = Math.round(heldBy(recordsOf(site)).drawnW);
      const time = new Date(at).toISOString();
      stack.signal(siteId, 'demand', { version: 1, time, powerW: siteLoadW(site.building, at) + evPowerW, evPowerW });
    }
    clock.after(METER_MS, () => tellMeter(site));
  };
  const wrongAt = (siteId: string, at: number): FaultKind | 'nothing' =>
    faults.findLast(
      (fault) => fault.siteId === siteId && fault.at <= at && at < fault.at + fault.durationMs + AFTERMATH_MS,
    )?.kind ?? 'nothing';
  const look = (): void => {
    const at = clock.now();
    for (const site of sites) {
      const { siteId } = site.configuration;
      const records = recordsOf(site);
      const snapshot = { at, capacityW: capacityW(site, at), ...heldBy(records) };
      watches.get(siteId)?.take(snapshot, wrongAt(siteId, at));
      looked?.(siteId, snapshot);
      totals.energyWh += (snapshot.drawnW * lookMs) / 3_600_000;
      noteEnergy(left, site, records, { at, readingAt: readingAt.get(siteId) ?? at, durationMs: lookMs });
      let couldW = 0;
      for (const { stationId, connectors } of records)
        for (const { evseId, transaction, car, powerW } of connectors) {
          if (transaction === undefined) continue;
          totals.sessionSec += lookMs / 1_000;
          const wants = car !== undefined && car.wantsWh > 0;
          pauses.take(`${stationId}/${evseId}`, wants && powerW === 0 && at - transaction.startedAt > 30_000, at);
          if (!wants) continue;
          const visit = site.visits.get(`${stationId}/${evseId}`)?.findLast((one) => one.at <= at);
          couldW += visit?.mostW ?? 0;
        }
      if (couldW >= 2 * snapshot.capacityW) totals.scarceSec += lookMs / 1_000;
    }
    clock.after(lookMs, look);
  };

  for (const [index, site] of sites.entries()) clock.after(2_000 + index * 700, () => tellMeter(site));
  clock.after(lookMs, look);
  const tellDeparture = (site: SimulatedSite, path: string, { at, stayMs, wantsWh }: PlannedVisit): void => {
    const [stationId, evseId] = path.split('/');
    stack.signal(site.configuration.siteId, 'departure', {
      version: 1,
      time: new Date(clock.now()).toISOString(),
      stationId,
      evseId: Number(evseId),
      departureAt: new Date(at + stayMs).toISOString(),
      energyWh: Math.round(wantsWh),
    });
  };
  for (const site of sites)
    for (const [path, visits] of site.visits)
      for (const visit of visits)
        clock.after(visit.at + TELLS_AFTER_MS - startAt, () => tellDeparture(site, path, visit));
  for (const fault of faults)
    clock.after(fault.at - startAt, () => {
      const { kind, siteId, stationId, durationMs } = fault;
      if (kind === 'meter lost') {
        lost.meters.add(siteId);
        clock.after(durationMs, () => lost.meters.delete(siteId));
      } else if (kind === 'cloud lost' && !lost.isStopped) {
        lost.isStopped = true;
        stack.setRunning(false);
        clock.after(durationMs, () => {
          lost.isStopped = false;
          stack.setRunning(true);
        });
      }
      const point = stationId === undefined ? undefined : points.get(stationId);
      if (point !== undefined) befall(fault, point, clock.after);
    });

  return {
    fleet,
    stack,
    recordsOf,
    figures: (): DayFigures => {
      const all = [...watches.values()];
      const kinds = new Set(all.flatMap(({ beyond }) => [...beyond.keys()]));
      return {
        energyWh: totals.energyWh,
        left,
        overall: sum(all.map(({ overall }) => overall)),
        drawn: sum(all.map(({ drawn }) => drawn)),
        beyond: Object.fromEntries(
          [...kinds].map((kind) => [kind, sum(all.flatMap(({ beyond }) => beyond.get(kind) ?? []))]),
        ),
        sessions: [...points.values()].reduce((count, point) => count + point.record().transactions.length, 0),
        sessionHours: totals.sessionSec / 3_600,
        ...setpoints.counts,
        profilesSent: stack.sent.get('SetChargingProfile') ?? 0,
        pauses: pauses.pauses,
        scarceHours: totals.scarceSec / 3_600,
        warnings: Object.fromEntries(stack.warnings),
      };
    },
  };
};
