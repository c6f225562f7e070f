import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { Supply } from '../profile/charging-rate.ts';
import type { ProfileAbilities } from '../profile/written-profile.ts';
import { type GridSignal, type SignalPriority, type SignalType, voidsFloors } from './grid-signal.ts';
import {
  type FrozenStation,
  isWorthAnotherRound,
  type Reduction,
  type Response,
  replan,
  shedPlan,
} from './shed-plan.ts';
import type { PlanFigures, SignalCheck, StationCounts } from './signal-record.ts';

/** A station of a zone as it is now. */
export type ZoneStation = {
  readonly stationId: string;
  readonly siteId: string;
  /** What it draws, W; undefined where no connector that charges has a fresh sample. */
  readonly loadW: number | undefined;
  /** What its cars that charge need to charge at all, W. */
  readonly floorW: number;
  /** The same for a car at every connector, W: what is left to drivers who arrive during an event. */
  readonly minimumW: number;
  /** All its connectors at full power, W. */
  readonly ratedW: number;
  readonly supply: Supply;
  /** What its profiles may be; what is absent is taken as able. */
  readonly abilities?: ProfileAbilities;
  /** Cars that charge, with what they draw, W: for stations that take no maximum for the whole. */
  readonly transactions: readonly {
    readonly evseId: number;
    readonly transactionId: string;
    readonly powerW: number;
  }[];
  /** Sort keys of its connectors, to read them again. */
  readonly connectorKeys: readonly string[];
};

/** How a station took what it was sent. */
export type StationAnswer = 'sent' | 'refused' | 'unreachable';

/** A station in the plan of its zone: its baseline is frozen when it joins, whatever signals come and go. */
export type PlannedStation = Omit<ZoneStation, 'loadW'> & {
  readonly baselineW: number;
  /** Nothing fresh was known of it when the baseline was frozen: it is asked for nothing. */
  readonly isUnknown?: boolean;
  readonly shedW: number;
  /** What it may draw at most, W. */
  readonly capW: number;
  /** It gave less than it was asked: counted with what it gives, and asked for no more. */
  readonly creditW?: number;
  readonly measuredW?: number;
  /** The cap it was last sent, and when the event is over that it was sent for; absent before. */
  readonly sent?: { readonly capW: number; readonly endAt: number; readonly answer: StationAnswer };
};

/** A signal in force, as far as the plan depends on it. */
export type PlannedSignal = {
  readonly signalId: string;
  readonly version: number;
  readonly type: SignalType;
  readonly priority: SignalPriority;
  /** W, frozen: percentages are turned into watts when the signal joins. */
  readonly targetW: number;
  readonly endAt: number;
  /** Asked of the stations of this site alone. */
  readonly siteId?: string;
  readonly isAdditive?: boolean;
};

/** What all signals of a zone together ask of its stations: one commit, guarded by its revision. */
export type ZonePlan = {
  readonly zoneId: string;
  readonly rev: number;
  /** When it was decided, ms since the epoch; larger with every revision. Orders what stations are sent. */
  readonly decidedAt: number;
  readonly signals: readonly PlannedSignal[];
  readonly stations: readonly PlannedStation[];
  /** Rounds of planning since a signal joined last. */
  readonly round: number;
  /** When the meters were last held against this plan, ms since the epoch. */
  readonly verifiedAt?: number;
};

export const emptyPlan = (zoneId: string): ZonePlan => ({
  zoneId,
  rev: 0,
  decidedAt: 0,
  signals: [],
  stations: [],
  round: 0,
});

/** The next revision of a plan: later than the one before, whatever the clock says. */
const revised = (plan: ZonePlan, fields: Partial<ZonePlan>, at: number): ZonePlan => ({
  ...plan,
  ...fields,
  rev: plan.rev + 1,
  decidedAt: Math.max(at, plan.decidedAt + 1),
});

const frozen = ({ loadW, ...station }: ZoneStation): PlannedStation => ({
  ...station,
  baselineW: loadW ?? 0,
  ...omitUndefined({ isUnknown: loadW === undefined || undefined }),
  shedW: 0,
  capW: loadW ?? 0,
});

const reductionOf = ({ signalId, siteId, ...signal }: PlannedSignal): Reduction => ({
  id: signalId,
  ...signal,
  ...omitUndefined({ siteId }),
});

const frozenStationOf = (station: PlannedStation): FrozenStation => {
  const { stationId: id, siteId, baselineW, floorW, creditW } = station;
  return { id, siteId, baselineW, floorW, ...omitUndefined({ creditW }) };
};

/**
 * What a station may draw: its baseline less its shed. One that was idle when the baseline was frozen keeps the minimums of
 * its connectors, so that a driver who arrives is not left without power for hours; in an emergency it gets nothing.
 */
const capOf = ({ baselineW, minimumW }: PlannedStation, shedW: number, isEmergency: boolean): number =>
  baselineW === 0 && !isEmergency ? minimumW : baselineW - shedW;

const concerns = ({ siteId }: PlannedSignal, station: { readonly siteId: string }): boolean =>
  siteId === undefined || siteId === station.siteId;

const solved = (plan: ZonePlan): ZonePlan => {
  const { shedW } = shedPlan(plan.stations.map(frozenStationOf), plan.signals.map(reductionOf));
  const stations = plan.stations.map((station) => {
    const shed = shedW.get(station.stationId) ?? 0;
    const isEmergency = plan.signals.some((signal) => concerns(signal, station) && voidsFloors(signal));
    return { ...station, shedW: shed, capW: capOf(station, shed, isEmergency) };
  });
  return { ...plan, stations };
};

/** What a signal asks for in watts, now: shares are of the frozen baselines of the site's chargers, or of its own baseline. */
const targetOf = (signal: GridSignal, stations: readonly PlannedStation[]): number => {
  if (signal.kind === 'zone-reduction') return signal.reductionW;
  if (signal.kind === 'zone-increase') return 0;
  const chargingW = stations
    .filter(({ siteId }) => siteId === signal.siteId)
    .reduce((sum, { baselineW }) => sum + baselineW, 0);
  return Math.min(chargingW, ((signal.baselineW ?? chargingW) * signal.percent) / 100);
};

/**
 * A plan with one more signal (or a newer version of one), solved for all that are in force. Stations that are new to the
 * plan are frozen as they are now; those in it keep their baselines while any signal is in force, so that a reduction is
 * never measured against a load that was reduced already.
 */
export const joined = (plan: ZonePlan, signal: GridSignal, now: readonly ZoneStation[], at: number): ZonePlan => {
  const others = plan.signals.filter(({ signalId }) => signalId !== signal.signalId);
  const isRunning = plan.signals.length > 0;
  const known = new Map(isRunning ? plan.stations.map((station) => [station.stationId, station]) : []);
  const stations = now.map((station) => known.get(station.stationId) ?? frozen(station));
  const { signalId, version, type, priority, endAt, isAdditive } = signal;
  const siteId = signal.kind === 'site-curtailment' ? signal.siteId : undefined;
  const more = { signalId, version, type, priority, endAt, targetW: targetOf(signal, stations) };
  const signals = [...others, { ...more, ...omitUndefined({ siteId, isAdditive }) }];
  const { verifiedAt: _, ...rest } = plan;
  return solved(revised(rest, { signals, stations, round: 1 }, at));
};

/** A plan without a signal, solved for those that are left. */
export const left = (plan: ZonePlan, signalId: string, at: number): ZonePlan => {
  const signals = plan.signals.filter((signal) => signal.signalId !== signalId);
  return signals.length === plan.signals.length ? plan : solved(revised(plan, { signals }, at));
};

/** What stations draw, W, by id; absent where nothing fresh is known. */
export type Measured = ReadonlyMap<string, number>;

/**
 * A plan held against the meters: who gives less than nine tenths of what it was asked is credited with what it gives, and
 * the rest is asked from those that respond, while what is missing is worth it. A station of which nothing is known any more
 * counts as giving nothing.
 */
export const verified = (plan: ZonePlan, measured: Measured, at: number): ZonePlan => {
  const responses = new Map<string, Response>(
    plan.stations.map(({ stationId, baselineW, shedW }) => [
      stationId,
      { askedW: shedW, measuredW: measured.get(stationId) ?? baselineW },
    ]),
  );
  const stations = plan.stations.map((station) => ({
    ...station,
    ...omitUndefined({ measuredW: measured.get(station.stationId) }),
  }));
  const seen = revised(plan, { stations, verifiedAt: at }, at);
  const [asked, delivered] = [askedOf(seen), deliveredOf(seen, seen.stations)];
  if (!isWorthAnotherRound(asked, delivered, plan.round)) return seen;
  const { nonResponsive } = replan(stations.map(frozenStationOf), plan.signals.map(reductionOf), responses);
  const given = (station: PlannedStation): number =>
    Math.max(0, Math.floor((station.baselineW - (station.measuredW ?? station.baselineW)) / 10) * 10);
  const credited = stations.map((station) =>
    nonResponsive.includes(station.stationId) ? { ...station, creditW: given(station) } : station,
  );
  const next = solved({ ...seen, stations: credited });
  const isChanged = next.stations.some(({ capW }, index) => capW !== stations[index]?.capW);
  return isChanged ? { ...next, round: plan.round + 1 } : seen;
};

const askedOf = ({ signals, stations }: ZonePlan): number => {
  const baselineW = stations.reduce((sum, station) => sum + station.baselineW, 0);
  const zoneWide = signals.filter(({ siteId }) => siteId === undefined).map(({ targetW }) => targetW);
  return Math.min(baselineW, Math.max(0, ...zoneWide, ...signals.map(({ targetW }) => targetW)));
};

/** What stations draw less than when they were frozen, W. One of which nothing is known gives nothing. */
export const deliveredOf = (_: ZonePlan, stations: readonly PlannedStation[]): number =>
  stations.reduce((sum, { baselineW, measuredW }) => sum + (measuredW === undefined ? 0 : baselineW - measuredW), 0);

const membersOf = (plan: ZonePlan, signalId: string): readonly PlannedStation[] => {
  const signal = plan.signals.find((one) => one.signalId === signalId);
  return signal === undefined ? [] : plan.stations.filter((station) => concerns(signal, station));
};

/** What the plan promises one of its signals. */
export const figuresOf = (plan: ZonePlan, signalId: string): PlanFigures => {
  const members = membersOf(plan, signalId);
  const askedW = plan.signals.find((one) => one.signalId === signalId)?.targetW ?? 0;
  const plannedW = members.reduce((sum, { shedW }) => sum + shedW, 0);
  return {
    baselineW: members.reduce((sum, { baselineW }) => sum + baselineW, 0),
    askedW,
    plannedW,
    shortfallW: Math.max(0, askedW - plannedW),
    stationCount: members.length,
    unknownCount: members.filter(({ isUnknown }) => isUnknown).length,
  };
};

/** What the meters said of one signal when the plan was last held against them. */
export const checkOf = (plan: ZonePlan, signalId: string, at: number): SignalCheck => {
  const members = membersOf(plan, signalId);
  return {
    at,
    deliveredW: deliveredOf(plan, members),
    plannedW: members.reduce((sum, { shedW }) => sum + shedW, 0),
    nonResponsiveCount: members.filter(({ creditW }) => creditW !== undefined).length,
  };
};

/** When the last signal that concerns a station ends; undefined without one. */
export const endFor = (plan: ZonePlan, station: { readonly siteId: string }): number | undefined => {
  const ends = plan.signals.filter((signal) => concerns(signal, station)).map(({ endAt }) => endAt);
  return ends.length === 0 ? undefined : Math.max(...ends);
};

/** Whether an emergency concerns a station: it returns without a delay of its own then. */
export const isEmergencyFor = (plan: ZonePlan, station: { readonly siteId: string }): boolean =>
  plan.signals.some((signal) => concerns(signal, station) && voidsFloors(signal));

/** How the stations that a signal asks took it. */
export const countsOf = (plan: ZonePlan, signalId: string): StationCounts => {
  const members = membersOf(plan, signalId);
  const count = (is: (station: PlannedStation) => boolean): number => members.filter(is).length;
  return {
    asked: count(({ shedW }) => shedW > 0),
    paused: count(({ capW, shedW }) => shedW > 0 && capW === 0),
    refused: count(({ sent }) => sent?.answer === 'refused'),
    unreachable: count(({ sent }) => sent?.answer === 'unreachable'),
    nonResponsive: count(({ creditW }) => creditW !== undefined),
    unknown: count(({ isUnknown }) => isUnknown === true),
  };
};
