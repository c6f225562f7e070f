import { keepsComfort, voidsFloors } from './grid-signal.ts';
import { shareOut } from './share-out.ts';

/** A station as demand response sees it, frozen when the event is dispatched. */
export type FrozenStation = {
  readonly id: string;
  /** Of signals that ask one site. */
  readonly siteId?: string;
  /** What it drew, W; 0 for one of which nothing fresh is known. */
  readonly baselineW: number;
  /** What it keeps unless floors are void, W. */
  readonly floorW: number;
  /** What it keeps of signals of priority 3, W; the floor if absent. */
  readonly comfortW?: number;
  /** Known to give so much and no more, whatever it is asked: one that did not respond. */
  readonly creditW?: number;
};

/** What a signal asks of the stations, as far as it decides who sheds how much. */
export type Reduction = {
  readonly id: string;
  readonly type: 'CURTAIL' | 'SHED';
  readonly priority: 1 | 2 | 3;
  readonly targetW: number;
  /** Asked of the stations of this site alone. */
  readonly siteId?: string;
  /** On top of what the signals before it ask for: a separate product. */
  readonly isAdditive?: boolean;
};

export type ShedPlan = {
  /** By station, W: multiples of 10. */
  readonly shedW: ReadonlyMap<string, number>;
  /** Frozen baseline less shed, W. */
  readonly targetW: ReadonlyMap<string, number>;
  readonly totalW: number;
  /** By signal that is sold apart: what is shed for it on top of all others, W. */
  readonly apartW: ReadonlyMap<string, number>;
  /** By station: what of its shed is for such signals, W. */
  readonly apartByStationW: ReadonlyMap<string, number>;
  /** By signal: what it asked for beyond what is shed for it, W: on top of others where it is sold apart, else without what is. */
  readonly shortfallW: ReadonlyMap<string, number>;
};

const QUANTUM_W = 10;
/** Noise of binary fractions, in quanta. */
const NOISE = 1e-7;

const down = (powerW: number): number => Math.floor(powerW / QUANTUM_W + NOISE) * QUANTUM_W;
const nearest = (powerW: number): number => Math.round(powerW / QUANTUM_W) * QUANTUM_W;

/** Economic signals first, so that an emergency builds on them; CURTAIL before SHED; then the id. */
const byOrder = (a: Reduction, b: Reduction): number =>
  b.priority - a.priority ||
  Number(a.type === 'SHED') - Number(b.type === 'SHED') ||
  (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const capW = ({ baselineW, floorW, comfortW = floorW, creditW }: FrozenStation, signal: Reduction): number => {
  const keptW = voidsFloors(signal) ? 0 : keepsComfort(signal) ? Math.max(floorW, comfortW) : floorW;
  return creditW ?? down(Math.max(0, baselineW - keptW));
};

/** Whether a signal asks something of a station. */
const asks = ({ siteId }: Reduction, station: FrozenStation): boolean =>
  siteId === undefined || siteId === station.siteId;

/**
 * Who sheds how much for all signals that are in force. Signals nest: each takes what earlier ones shed as a lower bound, and
 * asks for as much more as it lacks; they do not add up, unless one says that it is a product of its own: then it comes on top,
 * whichever is laid first. Within a signal
 * stations shed in proportion to their frozen baselines, none more than its baseline less its floor. The sum over the
 * stations a signal asks is min(target, capacity) to 10 W. The order of stations and signals does not matter, and from the
 * same frozen baselines the plan is the same however often it is made.
 */
export const shedPlan = (stations: readonly FrozenStation[], signals: readonly Reduction[]): ShedPlan => {
  const shedW = new Map(stations.map(({ id, creditW = 0 }) => [id, creditW]));
  const shedOf = ({ id }: FrozenStation): number => shedW.get(id) ?? 0;
  const totalOf = (some: readonly FrozenStation[]): number => some.reduce((sum, station) => sum + shedOf(station), 0);
  const membersOf = (signal: Reduction): readonly FrozenStation[] =>
    stations.filter((station) => asks(signal, station));
  /** What stations shed for the signals so far (what one is only known to give is for none of them), and what of it is sold apart. */
  const [laidW, apartW] = [new Map<string, number>(), new Map<string, number>()];
  const apartBySignalW = new Map<string, number>();
  const sumOver = (some: readonly FrozenStation[], powersW: ReadonlyMap<string, number>): number =>
    some.reduce((sum, { id }) => sum + (powersW.get(id) ?? 0), 0);
  for (const signal of signals.toSorted(byOrder)) {
    const members = membersOf(signal);
    const parts = members.map((station) => ({
      id: station.id,
      weightW: station.baselineW,
      leastW: shedOf(station),
      mostW: Math.max(shedOf(station), capW(station, signal)),
    }));
    const besideW = sumOver(members, signal.isAdditive ? laidW : apartW);
    for (const [id, powerW] of shareOut(parts, besideW + nearest(signal.targetW))) {
      if (signal.isAdditive) apartW.set(id, (apartW.get(id) ?? 0) + powerW - (laidW.get(id) ?? 0));
      laidW.set(id, powerW);
      shedW.set(id, powerW);
    }
    if (signal.isAdditive) apartBySignalW.set(signal.id, sumOver(members, laidW) - besideW);
  }
  return {
    shedW,
    targetW: new Map(stations.map((station) => [station.id, station.baselineW - shedOf(station)])),
    totalW: totalOf(stations),
    apartW: apartBySignalW,
    apartByStationW: apartW,
    shortfallW: new Map(
      signals.map((signal) => {
        const members = membersOf(signal);
        const shedForItW = apartBySignalW.get(signal.id) ?? totalOf(members) - sumOver(members, apartW);
        return [signal.id, Math.max(0, signal.targetW - shedForItW)] as const;
      }),
    ),
  };
};

/** What a station measured after one round, against what it was asked. */
export type Response = { readonly askedW: number; readonly measuredW: number };

/** From this share of what was asked on, a station counts as one that responds. */
const RESPONSIVE_SHARE = 0.9;

export type Replan = ShedPlan & {
  /** Ids, sorted. */
  readonly nonResponsive: readonly string[];
};

/**
 * The plan after a round of measuring: who gave less than its share is credited with what it measurably gave, and the rest
 * is asked from those that respond. A station without a response was not asked and counts as responsive.
 */
export const replan = (
  stations: readonly FrozenStation[],
  signals: readonly Reduction[],
  responses: ReadonlyMap<string, Response>,
  responsiveShare = RESPONSIVE_SHARE,
): Replan => {
  const given = ({ baselineW }: FrozenStation, { measuredW }: Response): number =>
    Math.min(down(baselineW), down(Math.max(0, baselineW - measuredW)));
  const credited = stations.map((station) => {
    const response = responses.get(station.id);
    if (response === undefined) return station;
    const deliveredW = station.baselineW - response.measuredW;
    const responds = response.askedW === 0 || deliveredW >= responsiveShare * response.askedW - NOISE;
    return responds ? station : { ...station, creditW: given(station, response) };
  });
  const nonResponsive = credited.flatMap(({ id, creditW }) => (creditW === undefined ? [] : [id])).sort();
  return { ...shedPlan(credited, signals), nonResponsive };
};

/** Rounds of asking again at most. */
export const MOST_ROUNDS = 5;

/** What may be missing of a target, W: 1 kW or 1 %, whichever is more. */
export const toleratedW = (targetW: number): number => Math.max(1000, targetW / 100);

/** Whether what is missing is worth another round: more than what may be missing, and rounds are left. */
export const isWorthAnotherRound = (targetW: number, deliveredW: number, round: number): boolean =>
  round < MOST_ROUNDS && targetW - deliveredW > toleratedW(targetW);
