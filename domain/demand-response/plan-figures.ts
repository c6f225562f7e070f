import { SECOND_MS } from '../kernel/durations.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { sum } from '../kernel/sum.ts';
import type { PlanFigures, SignalCheck, StationCounts } from './signal-record.ts';
import { deliveredOf, promisedOf } from './verified-plan.ts';
import { membersFor, type PlannedStation, type ZonePlan } from './zone-plan.ts';

const membersOf = (plan: ZonePlan, signalId: string): readonly PlannedStation[] => {
  const signal = plan.signals.find((one) => one.signalId === signalId);
  return signal === undefined ? [] : membersFor(plan, signal);
};

/**
 * What the plan makes stations shed for a signal, and what of their sheds is not for it, W: for others alone where it is sold
 * apart from them, for those that are sold apart where it is not.
 */
const sharesOf = (plan: ZonePlan, signalId: string) => {
  const members = membersOf(plan, signalId);
  const totalW = promisedOf(members);
  const signal = plan.signals.find((one) => one.signalId === signalId);
  const ownW = signal?.isAdditive ? signal.apartW : totalW - sum(members.map(({ apartW = 0 }) => apartW));
  const plannedW = Math.max(0, Math.min(totalW, ownW ?? totalW));
  return { plannedW, besideW: totalW - plannedW, isApart: signal?.isAdditive === true };
};

/** What the plan promises one of its signals. */
export const figuresOf = (plan: ZonePlan, signalId: string): PlanFigures => {
  const members = membersOf(plan, signalId);
  const askedW = plan.signals.find((one) => one.signalId === signalId)?.targetW ?? 0;
  const { plannedW } = sharesOf(plan, signalId);
  return {
    baselineW: members.reduce((sum, { baselineW }) => sum + baselineW, 0),
    askedW,
    plannedW,
    shortfallW: Math.max(0, askedW - plannedW),
    stationCount: members.length,
    unknownCount: members.filter(({ isUnknown }) => isUnknown).length,
  };
};

/** When the stations were measured: the mean of the instants, weighted with what each drew before; undefined if none was. */
const measuredAtOf = (members: readonly PlannedStation[]): number | undefined => {
  const measured = members.flatMap(({ measuredAt, baselineW }) =>
    measuredAt === undefined ? [] : { measuredAt, baselineW },
  );
  const weightW = measured.reduce((sum, { baselineW }) => sum + baselineW, 0);
  const weighted = measured.reduce((sum, { measuredAt, baselineW }) => sum + (measuredAt * baselineW) / weightW, 0);
  return weightW > 0 ? Math.round(weighted) : undefined;
};

/**
 * What the meters said of one signal when the plan was last held against them. Of one that is sold apart it is what is left
 * when all others have what the plan makes stations shed for them; of others, what these leave over is not theirs.
 */
export const checkOf = (plan: ZonePlan, signalId: string, at: number): SignalCheck => {
  const members = membersOf(plan, signalId);
  const { plannedW, besideW, isApart } = sharesOf(plan, signalId);
  const deliveredW = deliveredOf(members);
  const firstW = isApart ? 0 : plannedW;
  return {
    at,
    deliveredW: deliveredW - Math.min(besideW, Math.max(0, deliveredW - firstW)),
    plannedW,
    nonResponsiveCount: members.filter(({ creditW }) => creditW !== undefined).length,
    ...omitUndefined({ measuredAt: measuredAtOf(members) }),
  };
};

/**
 * When the first station that a signal asks accepted its cap; undefined if none did. What was sent before `sinceAt`, for other
 * events or an earlier version, does not count.
 */
export const firstAcceptedAt = (plan: ZonePlan, signalId: string, sinceAt: number): number | undefined => {
  const instants = membersOf(plan, signalId).flatMap(({ sent }) =>
    sent?.answer === 'accepted' && sent.at >= sinceAt && sent.answeredAt !== undefined ? [sent.answeredAt] : [],
  );
  return instants.toSorted((a, b) => a - b)[0];
};

/** A charger may take 30 s to answer: what is on its way for longer than this waits for one that is offline. */
const UNDER_WAY_MS = 60 * SECOND_MS;

/** How the stations that a signal asks took it; undefined where the plan does not have it any more. */
export const countsOf = (plan: ZonePlan, signalId: string, at: number): StationCounts | undefined => {
  if (!plan.signals.some((one) => one.signalId === signalId)) return undefined;
  const members = membersOf(plan, signalId);
  const count = (is: (station: PlannedStation) => boolean): number => members.filter(is).length;
  const isAsked = ({ shedW, creditW }: PlannedStation): boolean => shedW > 0 || creditW !== undefined;
  return {
    asked: count(isAsked),
    paused: count(({ capW, shedW }) => shedW > 0 && capW === 0),
    refused: count(({ sent }) => sent?.answer === 'refused' || sent?.answer === 'rejected'),
    silent: count(({ sent }) => sent?.answer === 'silent'),
    randomised: count((station) => isAsked(station) && station.sent !== undefined && !station.sent.isEmergency),
    unreachable: count(
      ({ sent }) => sent?.answer === 'unreachable' || (sent?.answer === 'sent' && at - sent.at > UNDER_WAY_MS),
    ),
    nonResponsive: count(({ creditW }) => creditW !== undefined),
    unknown: count(({ isUnknown }) => isUnknown === true),
  };
};

/** Figures of several zones, added up name by name. */
const addedUp = <Name extends string>(
  names: readonly Name[],
  figures: readonly Readonly<Record<Name, number>>[],
): Readonly<Record<Name, number>> => {
  const sums = names.map((name) => [name, figures.reduce((total, one) => total + one[name], 0)] as const);
  // One entry for each name.
  return Object.fromEntries(sums) as Record<Name, number>;
};

/** What the plans of several zones promise one signal. */
export const addedFigures = (figures: readonly PlanFigures[]): PlanFigures =>
  addedUp(['baselineW', 'askedW', 'plannedW', 'shortfallW', 'stationCount', 'unknownCount'], figures);

/** How the stations of several zones took one signal; undefined where it is not known of each. */
export const addedCounts = (counts: readonly (StationCounts | undefined)[]): StationCounts | undefined => {
  const known = counts.filter((one) => one !== undefined);
  if (known.length < counts.length) return undefined;
  return addedUp(
    ['asked', 'paused', 'refused', 'silent', 'randomised', 'unreachable', 'nonResponsive', 'unknown'],
    known,
  );
};

/** What meters said in several zones at one check of a signal. */
export const addedChecks = (checks: readonly SignalCheck[], at: number): SignalCheck => {
  const instants = checks.flatMap(({ measuredAt }) => measuredAt ?? []);
  const meanAt = Math.round(instants.reduce((sum, instant) => sum + instant / instants.length, 0));
  return {
    at,
    ...addedUp(['deliveredW', 'plannedW', 'nonResponsiveCount'], checks),
    ...omitUndefined({ measuredAt: instants.length > 0 ? meanAt : undefined }),
  };
};
