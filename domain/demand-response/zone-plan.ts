import { omitUndefined } from '../kernel/omit-undefined.ts';
import { type GridSignal, keepsComfort, type SignalPriority, type SignalType, voidsFloors } from './grid-signal.ts';
import { FRESH_SAMPLE_MS } from './present-load-w.ts';
import { mayBeReduced, mayHold, type SentCap } from './sent-cap.ts';
import { type FrozenStation, type Reduction, shedPlan } from './shed-plan.ts';
import type { ZoneStation } from './zone-station.ts';

/** A station in the plan of its zone: its baseline is frozen when it joins, whatever signals come and go. */
export type PlannedStation = Omit<ZoneStation, 'loadW'> & {
  readonly baselineW: number;
  /** Nothing fresh was known of it when the baseline was frozen: it is asked for nothing, and what it draws does not count. */
  readonly isUnknown?: boolean;
  readonly shedW: number;
  /** What of that is for signals that are sold apart, W. */
  readonly apartW?: number;
  /** What it may draw at most, W. */
  readonly capW: number;
  /** It gave less than it was asked: counted with what it gives, and asked for no more. */
  readonly creditW?: number;
  readonly measuredW?: number;
  /** When that was measured, ms since the epoch. */
  readonly measuredAt?: number;
  /** What it draws more than when it was frozen, W: a driver came, or it does not obey. Asked from the others. */
  readonly excessW?: number;
  /** Absent before anything was sent. */
  readonly sent?: SentCap;
  /** It is not in the zone any more: it is asked for nothing, and stays here until its limit is lifted. */
  readonly hasLeft?: true;
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
  /** Of one that is sold apart: what the plan makes its stations shed for it, on top of all others, W. */
  readonly apartW?: number;
};

/** What all signals of a zone together ask of its stations: one commit, guarded by its revision. */
export type ZonePlan = {
  readonly zoneId: string;
  readonly rev: number;
  /** When it was decided, ms since the epoch; larger with every revision. Orders what stations are sent. */
  readonly decidedAt: number;
  readonly signals: readonly PlannedSignal[];
  readonly stations: readonly PlannedStation[];
  /** Rounds of planning since a signal joined, or since all that was asked was delivered. */
  readonly round: number;
  /** When the last of them was planned, ms since the epoch. */
  readonly plannedAt?: number;
  /** When the meters were last held against this plan, ms since the epoch. */
  readonly verifiedAt?: number;
  /** They showed less than is asked then. */
  readonly isShort?: boolean;
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
export const revised = (plan: ZonePlan, fields: Partial<ZonePlan>, at: number): ZonePlan => ({
  ...plan,
  ...fields,
  rev: plan.rev + 1,
  decidedAt: Math.max(at, plan.decidedAt + 1),
});

/** Whether a signal asks something of a station. */
export const concerns = ({ siteId }: PlannedSignal, station: Pick<PlannedStation, 'siteId' | 'hasLeft'>): boolean =>
  station.hasLeft !== true && (siteId === undefined || siteId === station.siteId);

/** Whether a signal limits a station: not one of which nothing was known, nor in events of priority 3 one that is opted out. */
const limits = (signal: PlannedSignal, station: PlannedStation): boolean =>
  concerns(signal, station) && station.isUnknown !== true && !(station.isOptedOut && keepsComfort(signal));

/** The stations a signal asks. */
export const membersFor = ({ stations }: ZonePlan, signal: PlannedSignal): readonly PlannedStation[] =>
  stations.filter((station) => concerns(signal, station));

/** What stations draw more than when they were frozen, W. */
export const excessOf = (stations: readonly PlannedStation[]): number =>
  stations.reduce((sum, { excessW = 0 }) => sum + excessW, 0);

/** Whether a signal that is sold apart leaves it to another to make up for what a station draws more that both ask. */
const leavesExcessTo = (signal: PlannedSignal, { signalId, siteId, isAdditive }: PlannedSignal): boolean => {
  if (!isAdditive) return true;
  return siteId === signal.siteId ? signalId < signal.signalId : siteId === undefined;
};

/** What a signal makes up for, W: what its stations draw more, each once where signals are sold apart. */
const coveredExcessOf = (plan: ZonePlan, signal: PlannedSignal): number => {
  const before = signal.isAdditive ? plan.signals.filter((other) => leavesExcessTo(signal, other)) : [];
  return excessOf(membersFor(plan, signal).filter((station) => !before.some((other) => concerns(other, station))));
};

/** The signals of a plan as the stations that can give are asked: what others draw more comes on top. */
export const reductionsOf = (plan: ZonePlan): readonly Reduction[] =>
  plan.signals.map((signal) => {
    const { signalId: id, type, priority, targetW, siteId, isAdditive } = signal;
    return {
      id,
      type,
      priority,
      targetW: targetW + coveredExcessOf(plan, signal),
      ...omitUndefined({ siteId, isAdditive }),
    };
  });

/** The stations of a plan that are in its zone, as sheds are shared out among them. */
export const frozenStationsOf = ({ stations }: Pick<ZonePlan, 'stations'>): readonly FrozenStation[] =>
  stations
    .filter(({ hasLeft }) => hasLeft !== true)
    .map(({ stationId: id, siteId, baselineW, floorW, comfortW, creditW }) => ({
      ...{ id, siteId, baselineW, floorW },
      ...omitUndefined({ comfortW, creditW }),
    }));

/** Whether an emergency concerns a station: floors do not count then, and it returns without a delay of its own. */
export const isEmergencyFor = ({ signals }: Pick<ZonePlan, 'signals'>, station: PlannedStation): boolean =>
  signals.some((signal) => concerns(signal, station) && voidsFloors(signal));

/**
 * What a station may draw: its baseline less its shed. One that was idle when the baseline was frozen keeps the minimums of
 * its connectors, so that a driver who arrives is not left without power for hours; in an emergency it gets nothing. One that
 * no signal limits may draw all it can.
 */
const capOf = (plan: ZonePlan, station: PlannedStation, shedW: number): number => {
  const { baselineW, minimumW, ratedW } = station;
  if (!plan.signals.some((signal) => limits(signal, station))) return ratedW;
  return baselineW === 0 && !isEmergencyFor(plan, station) ? minimumW : baselineW - shedW;
};

/** A plan with who sheds how much, for all its signals. */
export const solved = (plan: ZonePlan): ZonePlan => {
  const reductions = reductionsOf(plan);
  const { shedW, apartW, apartByStationW } = shedPlan(frozenStationsOf(plan), reductions);
  const signals = plan.signals.map((signal, index) => {
    const forItW = apartW.get(signal.signalId);
    if (forItW === undefined) return signal;
    // What it is asked for drivers who came is drawn by these.
    const excessW = (reductions[index]?.targetW ?? 0) - signal.targetW;
    return { ...signal, apartW: Math.max(0, forItW - excessW) };
  });
  const stations = plan.stations.map(({ apartW: _, ...station }) => {
    const shed = shedW.get(station.stationId) ?? 0;
    const ofItApartW = apartByStationW.get(station.stationId) || undefined;
    return { ...station, shedW: shed, capW: capOf(plan, station, shed), ...omitUndefined({ apartW: ofItApartW }) };
  });
  return { ...plan, signals, stations };
};

/** When the last signal that limits a station ends; undefined without one. */
export const endFor = (plan: Pick<ZonePlan, 'signals'>, station: PlannedStation): number | undefined => {
  const ends = plan.signals.filter((signal) => limits(signal, station)).map(({ endAt }) => endAt);
  return ends.length === 0 ? undefined : Math.max(...ends);
};

const frozen = ({ loadW, ...station }: ZoneStation): PlannedStation => ({
  ...station,
  baselineW: loadW ?? 0,
  ...omitUndefined({ isUnknown: loadW === undefined || undefined }),
  shedW: 0,
  capW: loadW ?? 0,
});

/** What a signal asks for in watts, now: shares are of the frozen baselines of the site's chargers, or of its own baseline. */
const targetOf = (signal: GridSignal, stations: readonly PlannedStation[]): number => {
  if (signal.kind === 'zone-reduction') return signal.reductionW;
  const chargingW = stations
    .filter(({ siteId }) => siteId === signal.siteId)
    .reduce((sum, { baselineW }) => sum + baselineW, 0);
  return Math.min(chargingW, ((signal.baselineW ?? chargingW) * signal.percent) / 100);
};

/** A plan without signals that are over. */
export const inForce = (plan: ZonePlan, at: number): ZonePlan => {
  const signals = plan.signals.filter(({ endAt }) => endAt > at);
  return signals.length === plan.signals.length ? plan : solved(revised(plan, { signals }, at));
};

/** Whether nothing is known yet of a return of these stations. */
export const hasOpenReturns = ({ stations }: Pick<ZonePlan, 'stations'>, at: number): boolean =>
  stations.some(({ sent }) => sent?.answer === 'sent' && sent.endAt <= at && mayHold(sent, at));

/**
 * A station that a signal concerns, as if it held its cap: whoever sends it may be at it, and has not said so yet. What it is
 * sent in its stead is newer, and counts in whichever order the two arrive.
 */
const presumedSent = (plan: ZonePlan, station: PlannedStation): PlannedStation => {
  const endAt = endFor(plan, station);
  if (station.sent !== undefined || endAt === undefined) return station;
  const isEmergency = isEmergencyFor(plan, station) || undefined;
  const sent = {
    capW: station.capW,
    endAt,
    answer: 'sent',
    at: plan.decidedAt,
    ...omitUndefined({ isEmergency }),
  } as const;
  return { ...station, sent };
};

/** Stations with what those hold that the signals of a plan limited, and these do not any more. */
const released = (
  plan: ZonePlan,
  signals: readonly PlannedSignal[],
  stations: readonly PlannedStation[],
): readonly PlannedStation[] =>
  stations.map((station) => (endFor({ signals }, station) === undefined ? presumedSent(plan, station) : station));

/** Stations that are not in the zone any more, as far as they still hold a limit. */
const leavers = (plan: ZonePlan, isThere: (stationId: string) => boolean, at: number) =>
  plan.stations
    .filter(({ stationId }) => !isThere(stationId))
    .map((station) => presumedSent(plan, station))
    .filter(({ sent }) => sent !== undefined && mayHold(sent, at))
    .map((station) => ({ ...station, hasLeft: true as const }));

const backIn = ({ hasLeft: _, ...station }: PlannedStation): PlannedStation => station;

/**
 * Stations as a signal that joins finds them. Those that the plan has keep their baselines while a signal in force asks them,
 * and after it until their last limit and the return from it are over: what they draw until then is reduced. All others,
 * those of a site that is not asked too, are frozen as they are now. Who still holds a limit of a signal that was taken out
 * is owed its return as before.
 */
const metBy = (plan: ZonePlan, now: readonly ZoneStation[], at: number, freshMs: number): readonly PlannedStation[] => {
  const isAsked = (station: PlannedStation): boolean => plan.signals.some((signal) => concerns(signal, station));
  const known = new Map(plan.stations.map((station) => [station.stationId, backIn(station)]));
  return now.map((station) => {
    const planned = known.get(station.stationId);
    const hasBaseline = planned !== undefined && planned.isUnknown !== true;
    if (hasBaseline && isAsked(planned)) return planned;
    const { sent } = planned ?? {};
    const isReduced = sent !== undefined && mayBeReduced(sent, at, freshMs);
    const loadW = isReduced && hasBaseline ? planned.baselineW : station.loadW;
    return { ...frozen({ ...station, loadW }), ...omitUndefined({ sent: isReduced ? sent : undefined }) };
  });
};

/** A station that is to be sent its cap: what it was sent before counts only while it may hold that. */
const toBeSent = ({ sent, ...station }: PlannedStation, at: number): PlannedStation =>
  sent !== undefined && mayHold(sent, at) ? { ...station, sent } : station;

/** The load of these stations that a reduction is held against if it joins a plan now, W; `freshMs`: how old samples may be. */
export const baselineOnJoiningW = (
  before: ZonePlan,
  now: readonly ZoneStation[],
  at: number,
  freshMs = FRESH_SAMPLE_MS,
): number => metBy(inForce(before, at), now, at, freshMs).reduce((sum, { baselineW }) => sum + baselineW, 0);

/**
 * A plan with one more signal (or a newer version of one), solved for all that are in force. A reduction is never measured
 * against a load that was reduced already; `freshMs`: how old samples may be.
 */
export const joined = (
  before: ZonePlan,
  signal: GridSignal,
  now: readonly ZoneStation[],
  at: number,
  freshMs = FRESH_SAMPLE_MS,
): ZonePlan => {
  const plan = inForce(before, at);
  const others = plan.signals.filter(({ signalId }) => signalId !== signal.signalId);
  const there = metBy(plan, now, at, freshMs);
  const ids = new Set(now.map(({ stationId }) => stationId));
  const { signalId, version, type, priority, endAt, isAdditive } = signal;
  const siteId = signal.kind === 'site-curtailment' ? signal.siteId : undefined;
  const more = { signalId, version, type, priority, endAt, targetW: targetOf(signal, there) };
  const joining = { ...more, ...omitUndefined({ siteId, isAdditive }) };
  const asked = there.map((station) => (concerns(joining, station) ? toBeSent(station, at) : station));
  const signals = [...others, joining];
  const stations = [...released(plan, signals, asked), ...leavers(plan, (stationId) => ids.has(stationId), at)];
  const { verifiedAt: _, ...rest } = plan;
  return solved(revised(rest, { signals, stations, round: 1, plannedAt: at }, at));
};

/**
 * A plan without a signal, up to this version of it, solved for those that are left: a newer version that joined meanwhile
 * stays. Who held a limit for it alone is owed its return, also where nothing is known of its cap yet. Who is asked by others,
 * too, and was not sent its cap yet, stays owed that.
 */
export const left = (
  plan: ZonePlan,
  { signalId, version }: Pick<PlannedSignal, 'signalId' | 'version'>,
  at: number,
): ZonePlan => {
  const signals = plan.signals.filter((signal) => signal.signalId !== signalId || signal.version > version);
  if (signals.length === plan.signals.length) return plan;
  return solved(revised(plan, { signals, stations: released(plan, signals, plan.stations) }, at));
};

/**
 * A plan with the stations that are in its zone now (`ids`). Those that came since count as idle when the others were frozen,
 * so that each gets the cap of one that was; `newcomers` are those the plan does not have. Those that went are asked for
 * nothing any more, and are forgotten once their limit is lifted. The plan itself where nobody came or went.
 */
export const withMembers = (
  plan: ZonePlan,
  ids: ReadonlySet<string>,
  newcomers: readonly ZoneStation[],
  at: number,
): ZonePlan => {
  const known = new Set(plan.stations.map(({ stationId }) => stationId));
  const isThere = (stationId: string): boolean => ids.has(stationId);
  const came = newcomers.filter(({ stationId }) => !known.has(stationId));
  const isChanged = plan.stations.some(
    ({ stationId, hasLeft, sent }) =>
      isThere(stationId) === (hasLeft === true) || (hasLeft === true && !(sent && mayHold(sent, at))),
  );
  if (came.length === 0 && !isChanged) return plan;
  const stations = [
    ...plan.stations.filter(({ stationId }) => isThere(stationId)).map(backIn),
    ...leavers(plan, isThere, at),
    ...came.map((station) => frozen({ ...station, loadW: 0 })),
  ];
  return solved(revised(plan, { stations }, at));
};
