/**
 * When the meter of a session was read, in seconds since it started. The curve leaves readings out that it tells anyway; a
 * late one that bends it must bend it between the readings beside it, not between the points that stayed. Chargers read in
 * even steps, so runs of them say it all in a few bytes.
 */
export type ReadingTimes = {
  readonly runs: readonly Run[];
  /** What a reading may be off the step of its run; absent where all are exact. */
  readonly jitterSec?: number;
  /** Of readings before this second only the curve is known. */
  readonly fromSec?: number;
};

/** `count` readings from `firstSec` on, one each `stepSec`. */
type Run = readonly [firstSec: number, stepSec: number, count: number];

/** No reading yet. */
export const NO_TIMES: ReadingTimes = { runs: [] };

/** Clocks that are read out to the second step by 59 or 61 s once in a while. */
const MOST_JITTER_SEC = 0.5;
/** As many runs are kept where readings come in order, and more of a session that is told in disorder. */
const MOST_RUNS = 24;
const MOST_RUNS_IN_DISORDER = 150;
/** A session with more readings than this keeps late ones as they come, without looking for runs. */
const MOST_TIMES = 4000;
/** Where nothing is known of the readings beside one, they are taken to stand as close as this, s. */
const CLOSE_SEC = 1;

/** Times are kept to the millisecond. */
const toMs = (sec: number): number => Math.round(sec * 1000) / 1000;

const timeIn = ([firstSec, stepSec]: Run, index: number): number => toMs(firstSec + stepSec * index);

const lastOf = (run: Run): number => timeIn(run, run[2] - 1);

type Continued = { readonly run: Run; readonly offSec: number };

/** A run with one more reading at its end, and how far its readings are off its step; undefined where it is none of the run. */
const continued = ([firstSec, stepSec, count]: Run, sec: number): Continued | undefined => {
  if (count === 1) return { run: [firstSec, toMs(sec - firstSec), 2], offSec: 0 };
  const isExact = toMs(firstSec + stepSec * count) === sec;
  // Chargers mean whole seconds: a step of 60.1 s between the first readings was one of 60 s.
  const steps = isExact ? [stepSec] : [Math.round(stepSec), stepSec];
  return steps
    .map((step): Continued => {
      const offSec = Math.max(Math.abs(sec - firstSec - step * count), Math.abs(stepSec - step) * (count - 1));
      return { run: [firstSec, step, count + 1], offSec: toMs(offSec) };
    })
    .find(({ offSec, run }) => offSec <= Math.min(MOST_JITTER_SEC, run[1] / 4));
};

/** Runs of times in order: each time continues the last run or begins one. `offSec` is how far one is off its step. */
const runsOf = (secs: readonly number[], before: readonly Run[] = []): { runs: readonly Run[]; offSec: number } => {
  const runs = [...before];
  let offSec = 0;
  for (const sec of secs) {
    const last = runs.at(-1);
    const next = last && continued(last, sec);
    if (next) runs.pop();
    runs.push(next?.run ?? [sec, 0, 1]);
    offSec = Math.max(offSec, next?.offSec ?? 0);
  }
  return { runs, offSec };
};

/** Times of at most `most` runs: the oldest are let go. */
const bounded = (runs: readonly Run[], jitterSec: number, fromSec: number | undefined, most: number): ReadingTimes => {
  const gone = runs.slice(0, Math.max(0, runs.length - most));
  const sinceSec = gone.length === 0 ? fromSec : Math.max(fromSec ?? 0, ...gone.map(lastOf));
  return {
    runs: runs.slice(gone.length),
    ...(jitterSec > 0 ? { jitterSec: toMs(jitterSec) } : {}),
    ...(sinceSec === undefined ? {} : { fromSec: sinceSec }),
  };
};

/** The times with that of a reading that is newer than all of them. */
export const withNewestTime = ({ runs: known, jitterSec = 0, fromSec }: ReadingTimes, sec: number): ReadingTimes => {
  const { runs, offSec } = runsOf([sec], known);
  return bounded(runs, Math.max(jitterSec, offSec), fromSec, Math.max(MOST_RUNS, known.length));
};

const clamped = (index: number, [, , count]: Run): number => Math.min(count - 1, Math.max(0, index));

/** The readings of a run that stand next to an instant. */
const nearIn = (run: Run, sec: number): readonly number[] => {
  const index = run[1] === 0 ? 0 : Math.floor((sec - run[0]) / run[1]);
  return [index - 1, index, index + 1, index + 2].map((near) => timeIn(run, clamped(near, run)));
};

/** Whether the meter was read then. */
export const isReadAt = ({ runs, jitterSec = 0 }: ReadingTimes, sec: number): boolean =>
  runs.some((run) => nearIn(run, sec).some((near) => Math.abs(near - sec) <= jitterSec));

/** Whether it is known when the meter was read around an instant. */
export const isKnownAround = ({ fromSec }: ReadingTimes, sec: number): boolean =>
  fromSec === undefined || sec > fromSec;

/** The times with that of a reading that came late. */
export const withLateTime = (times: ReadingTimes, sec: number): ReadingTimes => {
  const { runs: known, jitterSec = 0, fromSec } = times;
  if (!isKnownAround(times, sec) || isReadAt(times, sec)) return times;
  const apart = (): ReadingTimes => {
    const runs = [...known, [sec, 0, 1] as const].sort((a, b) => a[0] - b[0]);
    return bounded(runs, jitterSec, fromSec, MOST_RUNS_IN_DISORDER);
  };
  if (known.reduce((sum, [, , count]) => sum + count, 0) > MOST_TIMES) return apart();
  const secs = known.flatMap((run) => Array.from({ length: run[2] }, (_, index) => timeIn(run, index)));
  const { runs, offSec } = runsOf([...secs, sec].sort((a, b) => a - b));
  // What one more reading is off adds to what the others are off already.
  return jitterSec + offSec > MOST_JITTER_SEC
    ? apart()
    : bounded(runs, jitterSec + offSec, fromSec, MOST_RUNS_IN_DISORDER);
};

/**
 * The last reading before, and the first after, an instant: no further from it than they may be. Endless where none is. A
 * reading that may be one of those whose second is known exactly (`exactSecs`) is that one, and left out.
 */
export const readingsBeside = (
  times: ReadingTimes,
  sec: number,
  exactSecs: readonly number[] = [],
): { readonly beforeSec: number; readonly afterSec: number } => {
  if (!isKnownAround(times, sec)) return { beforeSec: toMs(sec - CLOSE_SEC), afterSec: toMs(sec + CLOSE_SEC) };
  const { runs, jitterSec = 0 } = times;
  const near = runs
    .flatMap((run) => nearIn(run, sec))
    .filter((at) => exactSecs.every((exactSec) => toMs(Math.abs(at - exactSec)) > jitterSec));
  return {
    beforeSec: Math.max(...near.filter((at) => at < sec).map((at) => toMs(Math.min(at + jitterSec, sec - 0.001)))),
    afterSec: Math.min(...near.filter((at) => at > sec).map((at) => toMs(Math.max(at - jitterSec, sec + 0.001)))),
  };
};

/** The times of a session that turned out to have started `bySec` earlier. */
export const shiftedTimes = ({ runs, fromSec, ...times }: ReadingTimes, bySec: number): ReadingTimes => ({
  ...times,
  runs: runs.map(([firstSec, stepSec, count]) => [toMs(firstSec + bySec), stepSec, count]),
  ...(fromSec === undefined ? {} : { fromSec: toMs(fromSec + bySec) }),
});
