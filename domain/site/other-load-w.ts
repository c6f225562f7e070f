import { ofEachPhase, type PhaseCurrents } from '../charging/constraints-of.ts';
import { drawnPower, exactly, leftByLimitsW, type MeteredSession, type Range } from '../charging/drawn-power.ts';
import { sum } from '../kernel/sum.ts';
import type { GridPhase } from '../registry/electrics.ts';
import type { SiteDemandMeasured } from './site-signal.ts';
import { type Departed, MOST_SESSIONS, type PowerSample } from './site-state.ts';

/** Power between two samples, on a straight line; before the first one it is the first. */
const between = ([first, second]: readonly PowerSample[], at: number): number => {
  if (first === undefined) return 0;
  if (second === undefined || at <= first.at) return first.powerW;
  return first.powerW + ((second.powerW - first.powerW) * (at - first.at)) / (second.at - first.at);
};

/** What a car drew that has ended since: when it stopped drawing is known no better than that it was before we heard of its end. */
const departedPower = ({ samples, endedAt, mostW = 0 }: Departed, at: number): Range => {
  const last = samples.at(-1);
  if (at >= endedAt) return exactly(0);
  if (last !== undefined && at <= last.at) return exactly(between(samples, at));
  return { leastW: 0, mostW: Math.max(mostW, last?.powerW ?? 0) };
};

/** When a reading was taken, ms: the clock of a meter may be ahead, but its reading was taken before it came. */
export const takenAt = ({ at, receivedAt }: SiteDemandMeasured): number => Math.min(at, receivedAt);

export type OtherLoadInput = {
  readonly demand: SiteDemandMeasured;
  readonly sessions: readonly MeteredSession[];
  /** At connectors the registry does not know: they are no part of the problem, and count as load of the building. */
  readonly unregistered?: readonly MeteredSession[];
  readonly departed: readonly Departed[];
  /** What it was taken to be before. */
  readonly beforeW: number | undefined;
  readonly limitW: number;
};

/**
 * What cars draw beyond what their limits leave them, W: by the chargers' part of a reading, and no more of it than their own
 * meters tell. It is reserved nowhere.
 */
const beyondLimitsW = (sessions: readonly MeteredSession[], demand: SiteDemandMeasured, besideW: number): number => {
  const { evPowerW = 0 } = demand;
  const cars = sessions.map((session) => {
    const leftW = leftByLimitsW(session, takenAt(demand));
    const last = session.samples.at(-1);
    // Limits that fell since the sample say nothing of it.
    const beyondW = last === undefined ? 0 : last.powerW - Math.max(leftW, leftByLimitsW(session, last.at));
    return { leftW, beyondW: Math.max(0, beyondW) };
  });
  const toldW = sum(cars.map(({ beyondW }) => beyondW));
  return Math.max(0, Math.min(toldW, evPowerW - besideW - sum(cars.map(({ leftW }) => leftW))));
};

/**
 * What a site draws beside its chargers, W, at the instant of a meter reading; negative while its solar gives more. Where the
 * building system measures the chargers' part, the difference, with cars that the site does not control added back. Otherwise, and
 * where there may be more cars than a site keeps, the chargers' part is taken from their own meters at
 * that very instant: headroom that is left after subtracting the cars themselves would feed the output back. While a limit has
 * changed and its car has not been measured since, only bounds are known: what was believed before stays as far as it lies
 * within them, and the upper bound counts while the site draws more than its limit. What cars draw beyond their limits counts as
 * load of the building.
 */
export const otherLoadW = ({
  demand,
  sessions,
  unregistered = [],
  departed,
  beforeW,
  limitW,
}: OtherLoadInput): number => {
  const { powerW, evPowerW } = demand;
  const at = takenAt(demand);
  const gone = departed.map((one) => departedPower(one, at));
  if (evPowerW !== undefined && sessions.length + unregistered.length < MOST_SESSIONS) {
    const unknownW = sum(unregistered.map((session) => drawnPower(session, at).mostW));
    const besideW = unknownW + sum(gone.map(({ mostW }) => mostW));
    return powerW - evPowerW + unknownW + beyondLimitsW(sessions, demand, besideW);
  }
  const ranges = [...gone, ...sessions.map((session) => drawnPower(session, at))];
  const leastW = powerW - sum(ranges.map(({ mostW }) => mostW));
  const mostW = powerW - sum(ranges.map((range) => range.leastW));
  return believed(leastW, mostW, powerW > limitW ? undefined : beforeW);
};

/** What was believed before as far as it lies within bounds; without it, the upper one. */
const believed = (least: number, most: number, before = most): number => Math.min(most, Math.max(least, before));

/** What is needed of a session to know which phases it draws from. */
type PhasedSession = MeteredSession & { readonly phases: readonly GridPhase[] };

/** What was taken to be drawn on each phase before, A, and the most each carries. */
type PhasesBefore = { readonly beforeA?: PhaseCurrents; readonly limitA: number };

/**
 * What a site draws on each phase beside its chargers, A, where its meter tells the currents of its phases: those less what its
 * chargers drew on each at that instant. Where only bounds of that are known, as `otherLoadW`.
 */
export const otherCurrentsA = (
  demand: SiteDemandMeasured,
  sessions: readonly PhasedSession[],
  voltageV: number,
  { beforeA, limitA }: PhasesBefore = { limitA: Number.POSITIVE_INFINITY },
): PhaseCurrents | undefined => {
  const { currentA } = demand;
  const at = takenAt(demand);
  if (currentA === undefined) return undefined;
  return ofEachPhase((phase) => {
    const measuredA = currentA[phase] ?? 0;
    const ranges = sessions
      .filter(({ phases }) => phases.includes(phase))
      .map((session) => ({ ...drawnPower(session, at), weighs: voltageV * session.phases.length }));
    const leastA = measuredA - sum(ranges.map(({ mostW, weighs }) => mostW / weighs));
    const mostA = measuredA - sum(ranges.map(({ leastW, weighs }) => leastW / weighs));
    return Math.max(0, believed(leastA, mostA, measuredA > limitA ? undefined : beforeA?.[phase]));
  });
};
