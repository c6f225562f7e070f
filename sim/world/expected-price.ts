import { HOUR_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import type { ComponentKind, PriceComponent, Restrictions, Tariff } from '../../domain/tariff/tariff.ts';
import { hourOfDay } from './local-clock.ts';
import type { Metered, Reading } from './metered-sessions.ts';

/** From, and up to, what an amount may be, in the currency's own unit: a curve of a session need not hold every reading. */
export type Amount = readonly [least: number, most: number];

export type ExpectedPrice = {
  readonly currency: string;
  readonly tariffId: string;
  /** Without VAT, and with it, in hundredths. */
  readonly minor: Amount;
  readonly minorWithVat: Amount;
  /** What may count in each clock hour, in hundredths, by the start of the hour. */
  readonly hours: ReadonlyMap<number, Amount>;
};

/** A car draws nothing worth a price below this, W (docs/views.md, Sessions). */
const IDLE_W = 100;
/** Readings further apart than this all stay in the curve of their session. */
const APART_MS = 300 * SECOND_MS;
/** Curves of more readings than this may be thinned out. */
const MANY = 200;

const hourStart = (at: number): number => at - (at % HOUR_MS);
const firstHourOf = (text: string | undefined, otherwise: number): number =>
  text === undefined ? otherwise : Number(text.slice(0, 2));

/** Knows the restrictions that prices of a simulated network have; throws for others, rather than leave them out. */
const applies = (restrictions: Restrictions | undefined, hour: number, elapsedMs: number): boolean => {
  const { startTime, endTime, minDurationSec = 0, ...unknown } = restrictions ?? {};
  if (Object.keys(unknown).length > 0) throw new Error(`Not known to the judge: ${JSON.stringify(unknown)}`);
  const [from, to] = [firstHourOf(startTime, 0), firstHourOf(endTime, 24)];
  const isWithin = from < to ? hour >= from && hour < to : hour >= from || hour < to;
  return isWithin && elapsedMs >= minDurationSec * SECOND_MS;
};

/** A part of a session within one clock hour of the site and between two readings. */
type Stretch = { readonly fromAt: number; readonly toAt: number; readonly energyWh: number; readonly interval: number };

const stretchesOf = (readings: readonly Reading[], cuts: readonly number[]): readonly Stretch[] =>
  readings.slice(1).flatMap((end, interval) => {
    const start = readings[interval] ?? end;
    const edges = [start.at, ...cuts.filter((at) => at > start.at && at < end.at), end.at].sort((a, b) => a - b);
    return edges.slice(1).map((toAt, index) => {
      const fromAt = edges[index] ?? toAt;
      const share = (toAt - fromAt) / (end.at - start.at);
      return { fromAt, toAt, energyWh: (end.energyWh - start.energyWh) * share, interval };
    });
  });

/**
 * Of each interval between readings, in which share the car may have been parked. What is left out of a curve moves its line by
 * `offWh` at most: an interval with clearly more is one of charging, and a run of others is parking but for the time in which
 * what flowed, and that much, would flow at the power that tells them apart.
 */
const parkedShares = (readings: readonly Reading[], offWh: number): readonly Amount[] => {
  const intervals = readings.slice(1).map((end, index) => {
    const start = readings[index] ?? end;
    const [forMs, energyWh] = [end.at - start.at, end.energyWh - start.energyWh];
    return { forMs, energyWh, isIdle: energyWh - 2 * offWh < (IDLE_W * forMs) / HOUR_MS };
  });
  const runs: (typeof intervals)[] = [];
  for (const one of intervals) {
    const last = runs.at(-1);
    if (last?.[0]?.isIdle === one.isIdle) last.push(one);
    else runs.push([one]);
  }
  return runs.flatMap((run) => {
    if (run[0]?.isIdle !== true) return run.map((): Amount => [0, 0]);
    if (offWh === 0) return run.map((): Amount => [1, 1]);
    const forMs = run.reduce((sum, one) => sum + one.forMs, 0);
    const energyWh = run.reduce((sum, one) => sum + one.energyWh, 0);
    const least = Math.max(0, 1 - (((energyWh + 2 * offWh) / IDLE_W) * HOUR_MS) / forMs);
    return run.map((): Amount => [least, 1]);
  });
};

/** How far the curve of a session may be off its readings, Wh. */
const offBy = ({ readings, energyWh }: Metered): number => {
  const isWhole = readings.slice(2).every(({ at }, index) => at - (readings[index + 1]?.at ?? at) > APART_MS);
  return isWhole ? 0 : Math.max(1, energyWh * 0.0001) * (readings.length > MANY ? 4 : 1);
};

const plus = ([a, b]: Amount, [c, d]: Amount): Amount => [a + c, b + d];
const times = ([a, b]: Amount, factor: number): Amount => [a * factor, b * factor];

/** What rounding up to whole steps may add to some time, ms. */
const upToStep = ([least, most]: Amount, stepSec = 0): Amount => {
  const stepMs = stepSec * SECOND_MS;
  if (stepMs === 0 || most === 0) return [0, 0];
  const missing = (stepMs - (Math.round(least) % stepMs)) % stepMs;
  return least === most ? [missing, missing] : [0, stepMs];
};

const HALF = 0.5;
/** Sums of fractions. */
const NEGLIGIBLE = 1e-6;
const inMinor = ([least, most]: Amount): Amount => [
  Math.floor(100 * least + HALF - NEGLIGIBLE),
  Math.floor(100 * most + HALF + NEGLIGIBLE),
];

/** Moves an amount between the least and the most a session may cost. */
const limited = ([least, most]: Amount, { minPrice, maxPrice }: Tariff): Amount => {
  const within = (value: number): number =>
    Math.min(
      Number(maxPrice?.withoutVat ?? Number.POSITIVE_INFINITY),
      Math.max(Number(minPrice?.withoutVat ?? 0), value),
    );
  return [within(least), within(most)];
};

/** What a session costs by what its charger metered and by a tariff, worked out apart from the product. */
export const expectedPrice = (metered: Metered, tariff: Tariff): ExpectedPrice => {
  const { station, startedAt, endedAt, readings } = metered;
  const offWh = offBy(metered);
  const cuts: number[] = [];
  for (let at = hourStart(startedAt) + HOUR_MS; at < endedAt; at += HOUR_MS) cuts.push(at);
  for (const { restrictions } of tariff.elements)
    if (restrictions?.minDurationSec !== undefined) cuts.push(startedAt + restrictions.minDurationSec * SECOND_MS);
  const at = (kind: ComponentKind, instant: number): PriceComponent | undefined =>
    tariff.elements
      .filter(({ restrictions }) => applies(restrictions, hourOfDay(station.timeZone, instant), instant - startedAt))
      .flatMap(({ components }) => components)
      .find((component) => component.kind === kind);
  const priceOf = (component: PriceComponent | undefined): number => Number(component?.price ?? 0);

  const hours = new Map<number, Amount>([[hourStart(startedAt), [0, 0]]]);
  let [timed, parked]: [Amount, Amount] = [
    [0, 0],
    [0, 0],
  ];
  let lastOf: { time?: PriceComponent; parking?: PriceComponent } = {};
  const energyPrices = new Set<number>();
  const add = (instant: number, amount: Amount): void =>
    void hours.set(hourStart(instant), plus(hours.get(hourStart(instant)) ?? [0, 0], amount));

  add(startedAt, times([1, 1], priceOf(at('flat', startedAt))));
  const shares = parkedShares(readings, offWh);
  for (const { fromAt, toAt, energyWh, interval } of stretchesOf(readings, cuts)) {
    const [time, parking] = [at('time', fromAt), at('parking', fromAt)];
    const energyPrice = priceOf(at('energy', fromAt));
    energyPrices.add(energyPrice);
    add(fromAt, times([energyWh, energyWh], energyPrice / 1_000));
    const [leastParked, mostParked] = times(shares[interval] ?? [0, 0], toAt - fromAt);
    const parkedMs: Amount = [leastParked, mostParked];
    const timedMs: Amount = [toAt - fromAt - mostParked, toAt - fromAt - leastParked];
    if (time !== undefined) timed = plus(timed, timedMs);
    if (parking !== undefined) parked = plus(parked, parkedMs);
    lastOf = {
      ...lastOf,
      ...(time !== undefined && timedMs[1] > 0 && { time }),
      ...(parking !== undefined && mostParked > 0 && { parking }),
    };
    // Of a prices for time and parking the two are complements: what is not the one is the other.
    const [whole, more] = [priceOf(time), priceOf(parking) - priceOf(time)];
    const ends = [leastParked, mostParked].map((ms) => ((toAt - fromAt) * whole + ms * more) / HOUR_MS);
    add(fromAt, [Math.min(...ends), Math.max(...ends)]);
  }
  const stepped = (kind: 'time' | 'parking', quantity: Amount): Amount =>
    times(upToStep(quantity, lastOf[kind]?.stepSize), priceOf(lastOf[kind]) / HOUR_MS);
  const [byTime, byParking] = [stepped('time', timed), stepped('parking', parked)];
  const extra: Amount = parked[0] > 0 ? byParking : parked[1] === 0 ? byTime : [0, Math.max(byTime[1], byParking[1])];

  // Where the price changes, what a curve is off by counts at the one price or at the other.
  const offPrice = (Math.max(...energyPrices) - Math.min(...energyPrices)) * (Math.max(1, offWh) / 1_000) * cuts.length;
  const sum = [...hours.values()].reduce(plus, extra);
  const raw: Amount = [sum[0] - offPrice, sum[1] + offPrice];
  const net = limited(raw, tariff);
  const [vatPercent = 0] = tariff.elements.flatMap(({ components }) => components.map((one) => one.vatPercent ?? 0));
  // A limit moves the hours with the sum; what steps add counts where the last of such time was. Whole hundredths leave each of them less than one off its share.
  const offWhMinor = (Math.max(0, ...energyPrices) * Math.max(1, offWh)) / 10;
  const scaled = ([least, most]: Amount): Amount => {
    const low = least * (raw[1] === 0 ? 1 : net[0] / raw[1]);
    const high = (most + extra[1]) * (raw[0] <= 0 ? 1 : net[1] / raw[0]);
    return raw[0] === raw[1] && raw[0] === 0
      ? [0, 100 * net[1]]
      : [100 * low - 1 - offWhMinor, 100 * high + 1 + offWhMinor];
  };
  return {
    currency: tariff.currency,
    tariffId: tariff.tariffId,
    minor: inMinor(net),
    minorWithVat: inMinor(times(net, 1 + vatPercent / 100)),
    hours: new Map([...hours].map(([start, amount]) => [start, scaled(amount)])),
  };
};
