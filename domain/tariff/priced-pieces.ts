import { localTime } from '../calendar/local-time.ts';
import type { Curve } from '../kernel/ended-session.ts';
import { PHASE_VOLTAGE_V } from '../registry/nominal-voltage.ts';
import { energyAt } from '../session/meter-curve.ts';
import { applies, type Situation, timeBoundaries } from './situation.ts';
import type { ComponentKind, PriceComponent, Tariff } from './tariff.ts';

/** What is priced: a session, or a part of one. `startedAt` is the start of the session, also for a part. */
export type Metered = {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly curve: Curve;
  /** At which a power is told as a current; 230 V, a phase of alternating current, where nothing is said. */
  readonly nominalVoltageV?: number;
};

/**
 * Below this mean power between two readings a car is parked, not charging, W. The least a car may charge with is 6 A
 * (IEC 61851-1), 1.4 kW; what keeps its electronics and its battery warm is no charging.
 */
const IDLE_BELOW_W = 100;

/** A stretch of a session under one component. `quantity`: mWh for energy, ms for time and parking, 1 for flat. */
export type PricedPiece = {
  readonly component: PriceComponent;
  readonly fromAt: number;
  readonly toAt: number;
  readonly quantity: bigint;
};

type Point = { readonly at: number; readonly mWh: number };

const MWH_PER_WH = 1000;

/** Where the curve crosses an energy: exact in energy, to the millisecond in time. */
const crossing = (points: readonly Point[], mWh: number): Point | undefined => {
  const after = points.findIndex((point) => point.mWh >= mWh);
  const end = points[after];
  const start = points[after - 1];
  if (end === undefined || start === undefined || end.mWh === start.mWh) return undefined;
  return { at: start.at + Math.round(((end.at - start.at) * (mWh - start.mWh)) / (end.mWh - start.mWh)), mWh };
};

const readings = ({ startedAt, endedAt, curve }: Metered): Point[] =>
  curve
    .map(([sec, energyWh]) => ({ at: startedAt + Math.round(sec * 1000), mWh: Math.round(energyWh * MWH_PER_WH) }))
    .filter(({ at }) => at <= endedAt);

/** The session as points between which nothing that matters to the price changes. */
const cutPoints = (
  metered: Metered,
  measured: readonly Point[],
  tariff: Tariff,
  timeZone: string,
  cuts: readonly number[],
): Point[] => {
  const { startedAt, endedAt, curve } = metered;
  const mWhAt = (at: number): number => Math.round(energyAt(curve, (at - startedAt) / 1000) * MWH_PER_WH);
  const restrictions = tariff.elements.flatMap((element) => element.restrictions ?? []);
  const points: Point[] = [
    { at: startedAt, mWh: 0 },
    ...measured,
    ...timeBoundaries(restrictions, timeZone, startedAt, startedAt, endedAt).map((at) => ({ at, mWh: mWhAt(at) })),
    ...cuts.filter((at) => at > startedAt && at < endedAt).map((at) => ({ at, mWh: mWhAt(at) })),
    { at: endedAt, mWh: mWhAt(endedAt) },
  ];
  for (const { minEnergyWh, maxEnergyWh } of restrictions)
    for (const energyWh of [minEnergyWh, maxEnergyWh]) {
      const point = energyWh === undefined ? undefined : crossing(measured, Math.round(energyWh * MWH_PER_WH));
      if (point !== undefined) points.push(point);
    }
  return points.sort((a, b) => a.at - b.at || a.mWh - b.mWh);
};

/** The component of a kind that counts in a situation: the first element that applies and has one. */
const componentFor = (tariff: Tariff, kind: ComponentKind, situation: Situation): PriceComponent | undefined => {
  for (const { components, restrictions } of tariff.elements) {
    const component = components.find((candidate) => candidate.kind === kind);
    if (component !== undefined && applies(restrictions, situation)) return component;
  }
  return undefined;
};

/** Mean power between the readings around a stretch: how the stretch is cut must not change what it counts as. */
const meanPowerW = (measured: readonly Point[], start: Point, end: Point): number => {
  const before = measured.findLast((point) => point.at <= start.at && point.mWh <= start.mWh) ?? start;
  const after = measured.find((point) => point.at >= end.at && point.mWh >= end.mWh) ?? end;
  if (after.mWh === before.mWh) return 0;
  return after.at > before.at ? ((after.mWh - before.mWh) * 3600) / (after.at - before.at) : Number.POSITIVE_INFINITY;
};

/**
 * A session cut at every tariff boundary, reading and given instant, each piece with the component that prices it.
 * Time at less than IDLE_BELOW_W is parking, all other time is charging. Cutting more finely changes no sum.
 */
export const pricedPieces = (
  metered: Metered,
  tariff: Tariff,
  timeZone: string,
  cuts: readonly number[] = [],
): PricedPiece[] => {
  const measured = readings(metered);
  const points = cutPoints(metered, measured, tariff, timeZone, cuts);
  const pieces: PricedPiece[] = [];
  const { nominalVoltageV = PHASE_VOLTAGE_V } = metered;
  const situationAt = (start: Point, end: Point): Situation => {
    const powerW = meanPowerW(measured, start, end);
    return {
      local: localTime(timeZone, start.at),
      elapsedMs: start.at - metered.startedAt,
      energyWh: start.mWh / MWH_PER_WH,
      powerW,
      currentA: powerW / nominalVoltageV,
    };
  };
  const add = (kind: ComponentKind, situation: Situation, fromAt: number, toAt: number, quantity: number): void => {
    const component = quantity > 0 ? componentFor(tariff, kind, situation) : undefined;
    if (component !== undefined) pieces.push({ component, fromAt, toAt, quantity: BigInt(quantity) });
  };
  const [first] = points;
  const second = points.find((point) => point.at > metered.startedAt) ?? first;
  if (first !== undefined && second !== undefined) add('flat', situationAt(first, second), first.at, first.at, 1);
  for (const [index, start] of points.slice(0, -1).entries()) {
    const end = points[index + 1];
    if (end === undefined || (end.at === start.at && end.mWh === start.mWh)) continue;
    const situation = situationAt(start, end);
    add('energy', situation, start.at, end.at, end.mWh - start.mWh);
    add(situation.powerW < IDLE_BELOW_W ? 'parking' : 'time', situation, start.at, end.at, end.at - start.at);
  }
  return pieces;
};
