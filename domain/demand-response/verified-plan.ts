import { omitUndefined } from '../kernel/omit-undefined.ts';
import { sum } from '../kernel/sum.ts';
import { isWorthAnotherRound, MOST_ROUNDS, type Response, replan, toleratedW } from './shed-plan.ts';
import {
  excessOf,
  frozenStationsOf,
  membersFor,
  type PlannedSignal,
  type PlannedStation,
  reductionsOf,
  revised,
  solved,
  type ZonePlan,
} from './zone-plan.ts';
import type { MeasuredLoad, ZoneStation } from './zone-station.ts';

/** What stations draw, by id; absent where nothing fresh is known. */
export type Measured = ReadonlyMap<string, MeasuredLoad>;

const downToTen = (powerW: number): number => Math.floor(powerW / 10) * 10;

/** What a station gives, W, by what was measured last. */
const givenOf = ({ baselineW, measuredW = baselineW }: PlannedStation): number =>
  Math.max(0, downToTen(baselineW - measuredW));

/** What it draws more than when it was frozen, W; one that has not been sent its cap yet will keep to it. */
const seenExcessOf = ({ baselineW, measuredW = baselineW, capW }: PlannedStation, isJudged: boolean): number =>
  Math.max(0, -downToTen(baselineW - (isJudged ? measuredW : Math.min(measuredW, capW))));

const withExcess = (station: PlannedStation, isJudged: boolean): PlannedStation => {
  const { excessW: _, ...rest } = station;
  const excessW = seenExcessOf(station, isJudged);
  return excessW > 0 ? { ...rest, excessW } : rest;
};

/** So long a station may take to do what it accepted. */
const REACTION_MS = 3_000;

/**
 * Whether a meter says how a station took its cap: not before a meter interval and what meters take to come through have passed
 * since it was sent it, nor by a sample from before it could act.
 */
const isJudgedBy = ({ sent }: PlannedStation, load: MeasuredLoad | undefined, dueMs: number, at: number): boolean =>
  sent !== undefined &&
  at >= sent.at + dueMs &&
  (load === undefined || load.at >= (sent.answeredAt ?? sent.at) + REACTION_MS);

/**
 * When those of the last round can be heard, ms since the epoch: so long after the last of them was sent its cap. Whoever is sent
 * something much later than planned, because it has just come, is not waited for.
 */
const heardAt = ({ plannedAt = 0, stations }: ZonePlan, dueMs: number): number => {
  const lastSentAt = stations.reduce((latest, { sent }) => Math.max(latest, sent?.at ?? 0), plannedAt);
  return Math.min(lastSentAt, plannedAt + dueMs) + dueMs;
};

/**
 * A plan that delivers what is asked. What was asked of others for drivers who have gone again is given back, where more is
 * delivered than asked by more than may be missing: cars that keep no limit waver.
 */
const relieved = (plan: ZonePlan): ZonePlan => {
  const stations = plan.stations.map((station) => withExcess(station, station.sent !== undefined));
  const isOver = plan.signals.every((signal) => missingW(plan, signal) < -toleratedW(demandedOf(plan, signal)));
  return isOver && excessOf(stations) < excessOf(plan.stations) ? solved({ ...plan, stations }) : plan;
};

/** When a plan is held against the meters. */
export type Look = {
  /** ms since the epoch. */
  readonly at: number;
  /** Nobody is judged sooner than this after it was sent its cap: a meter interval, and what meters take to come through. */
  readonly dueMs: number;
};

/**
 * A plan held against the meters: who gives less than nine tenths of what it was asked is credited with what it gives, and
 * the rest is asked from those that respond, while what is missing is worth it; so is what drivers who came meanwhile draw.
 * A station of which nothing is known any more counts as giving nothing; one of which nothing was known when the others were
 * frozen is left out: what it draws is neither given nor drawn more.
 */
export const verifiedPlan = (plan: ZonePlan, measured: Measured, { at, dueMs }: Look): ZonePlan => {
  const asked = plan.stations.filter((station) => isJudgedBy(station, measured.get(station.stationId), dueMs, at));
  const judged = new Set(asked.map(({ stationId }) => stationId));
  const responses = new Map<string, Response>(
    asked.map(({ stationId, baselineW, shedW }) => [
      stationId,
      { askedW: shedW, measuredW: measured.get(stationId)?.powerW ?? baselineW },
    ]),
  );
  const stations = plan.stations.map(({ measuredW: _, measuredAt: __, ...station }) => {
    const load = station.isUnknown ? undefined : measured.get(station.stationId);
    return { ...station, ...omitUndefined({ measuredW: load?.powerW, measuredAt: load?.at }) };
  });
  const { isShort: wasShort, ...before } = plan;
  const seen = revised(before, { stations, verifiedAt: at }, at);
  if (!isLacking(seen, AIM)) return relieved({ ...seen, round: 1 });
  const short = { ...seen, isShort: true } as const;
  // Whoever was asked in the last round is heard before the next: rounds are few.
  if (at < heardAt(plan, dueMs)) return short;
  // What may be missing is asked for only where it is missing at two looks in a row.
  if (plan.round >= MOST_ROUNDS || !(wasShort || isLacking(seen, 1))) return short;
  const { nonResponsive } = replan(frozenStationsOf(seen), reductionsOf(plan), responses);
  const lacking = new Set(nonResponsive);
  const credited = stations.map((station) => {
    const credit = lacking.has(station.stationId) ? { creditW: givenOf(station) } : {};
    return withExcess({ ...station, ...credit }, judged.has(station.stationId));
  });
  const next = solved({ ...short, stations: credited });
  const isChanged = next.stations.some(({ capW }, index) => capW !== stations[index]?.capW);
  return isChanged ? { ...next, round: plan.round + 1, plannedAt: at } : short;
};

/** What is to be delivered in all where a signal asks, W: at most what was drawn there. */
const demandedOf = (plan: ZonePlan, signal: PlannedSignal): number => {
  const baselineW = sum(membersFor(plan, signal).map((station) => station.baselineW));
  const beside = plan.signals.filter(({ siteId }) => siteId === signal.siteId);
  const nestedW = beside.flatMap(({ isAdditive, targetW }) => (isAdditive ? [] : targetW));
  const apartW = beside.flatMap(({ isAdditive, targetW }) => (isAdditive ? targetW : []));
  return Math.min(baselineW, signal.isAdditive ? Math.max(0, ...nestedW) + sum(apartW) : signal.targetW);
};

/** What meters show less than a signal asks, W; more, if negative. */
const missingW = (plan: ZonePlan, signal: PlannedSignal): number =>
  demandedOf(plan, signal) - deliveredOf(membersFor(plan, signal));

/** Whether any signal lacks more than this share of what may be missing. */
const isLacking = (plan: ZonePlan, share: number): boolean =>
  plan.signals.some((signal) => missingW(plan, signal) > share * toleratedW(demandedOf(plan, signal)));

/** The loop goes on until half of what may be missing: at the next look cars that keep no limit draw more, or less. */
const AIM = 0.5;

/** What stations draw less than when they were frozen, W. One of which nothing is known gives nothing. */
export const deliveredOf = (stations: readonly PlannedStation[]): number =>
  sum(stations.map(({ baselineW, measuredW }) => (measuredW === undefined ? 0 : baselineW - measuredW)));

/** What the plan makes these stations shed, less what others of them draw more, W. */
export const promisedOf = (members: readonly PlannedStation[]): number =>
  Math.max(0, sum(members.map(({ shedW }) => shedW)) - excessOf(members));

/**
 * Stations that rejected a maximum for the whole, where the others cannot give all that is asked: they may take a limit car by
 * car.
 */
export const worthAskingByCar = (plan: ZonePlan): readonly PlannedStation[] =>
  plan.signals.some((signal) => isWorthAnotherRound(demandedOf(plan, signal), promisedOf(membersFor(plan, signal)), 0))
    ? plan.stations.filter(
        ({ sent, abilities, hasLeft }) =>
          sent?.answer === 'rejected' && abilities?.hasStationMax !== false && hasLeft !== true,
      )
    : [];

/** A plan in which those are asked once more, car by car; `now` are their cars. The plan itself where there are none. */
export const askedByCar = (plan: ZonePlan, now: readonly ZoneStation[], at: number): ZonePlan => {
  const cars = new Map(now.map(({ stationId, transactions }) => [stationId, transactions]));
  const ids = new Set(worthAskingByCar(plan).map(({ stationId }) => stationId));
  if (ids.size === 0) return plan;
  const stations = plan.stations.map((station) => {
    if (!ids.has(station.stationId)) return station;
    const { creditW: _, sent: __, ...rest } = station;
    const transactions = cars.get(station.stationId) ?? station.transactions;
    return { ...rest, transactions, abilities: { ...station.abilities, hasStationMax: false } };
  });
  return solved(revised(plan, { stations }, at));
};
