import {
  idealW,
  RESTORE_RAMP_SEC,
  RESTORE_WINDOW_SEC,
  restoreDelaySec,
} from '../../domain/demand-response/restore-steps.ts';
import { sum } from '../../domain/kernel/sum.ts';
import { quantile } from '../quantile.ts';
import { type BenchStation, isObedient } from './bench-zone.ts';

/** What the cars of a zone took at one instant, W, in the order of its stations. */
export type PowerSample = { readonly at: number; readonly powersW: readonly number[] };

/** What was seen at the stations themselves, from before a signal until after its end. Instants are ms since the epoch. */
export type ZoneRun = {
  readonly stations: readonly BenchStation[];
  readonly samples: readonly PowerSample[];
  readonly profiles: readonly { readonly at: number; readonly index: number }[];
  readonly answers: readonly { readonly at: number; readonly index: number; readonly status: string | undefined }[];
  readonly signalId: string;
  readonly submittedAt: number;
  readonly endAt: number;
  readonly askedW: number;
  /** What the first plan asked of each station, W, in their order. */
  readonly shedsW: readonly number[];
};

const mean = (values: readonly number[]): number => sum(values) / values.length;
const totalW = ({ powersW }: PowerSample): number => sum(powersW);

const between = ({ samples }: ZoneRun, fromAt: number, toAt: number): readonly PowerSample[] =>
  samples.filter(({ at }) => at >= fromAt && at <= toAt);

/** Mean load of a stretch of time, W; NaN without a sample. */
export const meanLoadW = (run: ZoneRun, fromAt: number, toAt: number): number =>
  mean(between(run, fromAt, toAt).map(totalW));

/** The load at an instant, W: that of the last sample until then; NaN without one. */
export const loadAtW = ({ samples }: ZoneRun, at: number): number => {
  const sample = samples.findLast((one) => one.at <= at);
  return sample === undefined ? Number.NaN : totalW(sample);
};

/** From when on the load is at most so much, two meter intervals long; NaN if never. ms since the epoch. */
export const reachedAt = (run: ZoneRun, levelW: number, fromAt: number): number => {
  const found = between(run, fromAt, run.endAt).find(({ at }) =>
    between(run, at, at + 20_000).every((sample) => totalW(sample) <= levelW),
  );
  return found?.at ?? Number.NaN;
};

/** The load of each station before it could know of the event: the mean of so long, W. */
const BEFORE_MS = 10_000;
const beforeW = (run: ZoneRun): readonly number[] => {
  const before = between(run, run.submittedAt - BEFORE_MS, run.submittedAt);
  return run.stations.map((_, index) => mean(before.map(({ powersW }) => powersW[index] ?? 0)));
};

const share = (run: ZoneRun, part: number, whose: (index: number) => boolean): number | undefined => {
  const before = beforeW(run);
  const members = run.stations.flatMap((_, index) => (whose(index) ? [index] : []));
  const targetW = part * sum(members.map((index) => run.shedsW[index] ?? 0));
  const given = ({ powersW }: PowerSample): number =>
    sum(members.map((index) => (before[index] ?? 0) - (powersW[index] ?? 0)));
  const found = between(run, run.submittedAt, run.endAt).find((sample) => given(sample) >= targetW);
  return found && (found.at - run.submittedAt) / 1_000;
};

/** How the event is settled: its last part, so long. */
const SETTLED_MS = 60_000;
const REBOUND_MS = 900_000;
/** A ramp of steps is followed within two seconds, and a rectifier's demand wavers by three percent. */
const FOLLOWS_MS = 4_000;
const WAVER = 1.03;

/** Stations that drew more than the ideal line of their return allows, with the most by which one did, W. */
export const aboveRamp = (run: ZoneRun): { readonly stations: number; readonly mostW: number } => {
  const before = beforeW(run);
  const settled = between(run, run.endAt - SETTLED_MS, run.endAt - 1_000);
  const excesses = run.stations.map((one, index) => {
    if (!isObedient(one.habit) || one.habit === 'slow') return 0;
    const targetW = Math.max(...settled.map(({ powersW }) => powersW[index] ?? 0));
    const delaySec = restoreDelaySec(run.signalId, one.station.stationId, RESTORE_WINDOW_SEC);
    const normalW = Math.max(targetW, ...one.station.connectors.map(({ ratedW }) => ratedW));
    const line = { targetW, normalW, delaySec, rampSec: RESTORE_RAMP_SEC };
    const after = between(run, run.endAt, run.endAt + REBOUND_MS);
    return Math.max(
      0,
      ...after.map(({ at, powersW }) => {
        const allowedW = idealW(line, (at + FOLLOWS_MS - run.endAt) / 1_000);
        return (powersW[index] ?? 0) - WAVER * Math.max(allowedW, Math.min(targetW, before[index] ?? 0));
      }),
    );
  });
  return { stations: excesses.filter((excessW) => excessW > 0).length, mostW: Math.max(0, ...excesses) };
};

/** What an event came to, from the stations' own meters and wires: independent of what the stack believes. */
export const zoneFigures = (run: ZoneRun) => {
  const { stations, submittedAt, endAt, askedW } = run;
  const firsts = stations.flatMap((_, index) => run.profiles.find((one) => one.index === index) ?? []);
  const untilMs = firsts.map(({ at }) => at - submittedAt);
  const acceptedAt = run.answers.filter(({ status }) => status === 'Accepted').map(({ at }) => at);
  const baselineW = sum(beforeW(run));
  const during = between(run, submittedAt, endAt).map((sample) => baselineW - totalW(sample));
  const settledW = baselineW - meanLoadW(run, endAt - SETTLED_MS, endAt - 1_000);
  const rebound = between(run, endAt, endAt + REBOUND_MS);
  return {
    baselineW,
    askedW,
    stationsReached: firsts.length,
    firstFrameMs: Math.min(...untilMs),
    lastFrameP95Ms: quantile(untilMs, 0.95),
    lastFrameMs: Math.max(...untilMs),
    firstAcceptedMs: Math.min(...acceptedAt) - submittedAt,
    obedientT90Sec: share(run, 0.9, (index) => isObedient(stations[index]?.habit ?? 'ignores')),
    zoneT90Sec: share(run, 0.9, () => true),
    settledW,
    shortW: Math.max(0, askedW - settledW),
    overshootW: Math.max(0, ...during.map((deliveredW) => deliveredW - askedW)),
    rejectedStations: new Set(run.answers.filter(({ status }) => status === 'Rejected').map(({ index }) => index)).size,
    profilesPerStation: run.profiles.length / stations.length,
    reboundRatio: rebound.length === 0 ? undefined : mean(rebound.map(totalW)) / baselineW,
  };
};

/** What may be missing once an event has settled, W: a kilowatt or one percent. */
export const toleranceW = (askedW: number): number => Math.max(1_000, askedW / 100);
