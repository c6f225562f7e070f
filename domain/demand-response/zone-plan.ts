import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { Supply } from '../profile/charging-rate.ts';
import type { ProfileAbilities } from '../profile/written-profile.ts';
import type { CommandAnswer } from './command-answer.ts';
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
  /** What its cars that charge need to charge at all, or what a contract says, W. */
  readonly floorW: number;
  /** What they keep in events of priority 3, W; the floor if absent. */
  readonly comfortW?: number;
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

/**
 * How a station took what it was sent. 'sent': it is on its way, and nothing is known yet; 'refused': it could not be sent at
 * all; 'unreachable': it was offline. Later: 'accepted'; 'rejected', by the station; 'silent': it never answered.
 */
export type StationAnswer = 'sent' | 'refused' | 'unreachable' | 'accepted' | 'rejected' | 'silent';

/** The cap a station was last sent. */
export type SentCap = {
  readonly capW: number;
  /** When the event is over that it was sent for. */
  readonly endAt: number;
  readonly answer: StationAnswer;
  /** When it was sent, ms since the epoch. */
  readonly at: number;
  /** It returns without a delay of its own. */
  readonly isEmergency?: boolean;
  /** Commands that carry it; absent where it could not be sent. */
  readonly commandIds?: readonly string[];
  /** When the station answered, ms since the epoch. */
  readonly answeredAt?: number;
};

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
  /** What it draws more than when it was frozen, W: a driver came, or it does not obey. Asked from the others. */
  readonly excessW?: number;
  /** Absent before anything was sent. */
  readonly sent?: SentCap;
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
  /** Rounds of planning since a signal joined, or since all that was asked was delivered. */
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

const concerns = ({ siteId }: PlannedSignal, station: { readonly siteId: string }): boolean =>
  siteId === undefined || siteId === station.siteId;

const excessOf = (stations: readonly PlannedStation[]): number =>
  stations.reduce((sum, { excessW = 0 }) => sum + excessW, 0);

/** A signal as the stations that can give are asked: what others draw more comes on top. */
const reductionOf = (signal: PlannedSignal, stations: readonly PlannedStation[]): Reduction => {
  const { signalId: id, type, priority, targetW, siteId, isAdditive } = signal;
  const excessW = isAdditive ? 0 : excessOf(stations.filter((station) => concerns(signal, station)));
  return { id, type, priority, targetW: targetW + excessW, ...omitUndefined({ siteId, isAdditive }) };
};

const frozenStationOf = (station: PlannedStation): FrozenStation => {
  const { stationId: id, siteId, baselineW, floorW, comfortW, creditW } = station;
  return { id, siteId, baselineW, floorW, ...omitUndefined({ comfortW, creditW }) };
};

/** Whether floors do not count for a station. */
const isEmergencyIn = (signals: readonly PlannedSignal[], station: { readonly siteId: string }): boolean =>
  signals.some((signal) => concerns(signal, station) && voidsFloors(signal));

/**
 * What a station may draw: its baseline less its shed. One that was idle when the baseline was frozen keeps the minimums of
 * its connectors, so that a driver who arrives is not left without power for hours; in an emergency it gets nothing.
 */
const capOf = ({ baselineW, minimumW }: PlannedStation, shedW: number, isEmergency: boolean): number =>
  baselineW === 0 && !isEmergency ? minimumW : baselineW - shedW;

const solved = (plan: ZonePlan): ZonePlan => {
  const reductions = plan.signals.map((signal) => reductionOf(signal, plan.stations));
  const { shedW } = shedPlan(plan.stations.map(frozenStationOf), reductions);
  const stations = plan.stations.map((station) => {
    const shed = shedW.get(station.stationId) ?? 0;
    return { ...station, shedW: shed, capW: capOf(station, shed, isEmergencyIn(plan.signals, station)) };
  });
  return { ...plan, stations };
};

/** What a signal asks for in watts, now: shares are of the frozen baselines of the site's chargers, or of its own baseline. */
const targetOf = (signal: GridSignal, stations: readonly PlannedStation[]): number => {
  if (signal.kind === 'zone-reduction') return signal.reductionW;
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

/** What a station draws, W, by samples of which the oldest is from `at`, ms since the epoch. */
export type MeasuredLoad = { readonly powerW: number; readonly at: number };

/** What stations draw, by id; absent where nothing fresh is known. */
export type Measured = ReadonlyMap<string, MeasuredLoad>;

/**
 * A plan with the stations that came into its zone since: they count as idle when the others were frozen, so that each gets
 * the cap of one that was. The plan itself where there are none.
 */
export const withNewcomers = (plan: ZonePlan, newcomers: readonly ZoneStation[], at: number): ZonePlan => {
  const known = new Set(plan.stations.map(({ stationId }) => stationId));
  const added = newcomers.filter(({ stationId }) => !known.has(stationId));
  if (added.length === 0) return plan;
  const stations = [...plan.stations, ...added.map((station) => frozen({ ...station, loadW: 0 }))];
  return solved(revised(plan, { stations }, at));
};

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

/** Whether a meter says how a station took its cap: not before it was sent it, nor by a sample from before it could act. */
const isJudgedBy = ({ sent }: PlannedStation, load: MeasuredLoad | undefined): boolean =>
  sent !== undefined && (load === undefined || load.at >= (sent.answeredAt ?? sent.at) + REACTION_MS);

/** A plan that delivers what is asked, and asks no more of anybody for drivers who came and have gone again. */
const relieved = (plan: ZonePlan): ZonePlan => {
  const stations = plan.stations.map((station) => withExcess(station, station.sent !== undefined));
  return isWorthAnotherRound(excessOf(plan.stations), excessOf(stations), 0) ? solved({ ...plan, stations }) : plan;
};

/**
 * A plan held against the meters: who gives less than nine tenths of what it was asked is credited with what it gives, and
 * the rest is asked from those that respond, while what is missing is worth it; so is what drivers who came meanwhile draw.
 * A station of which nothing is known any more counts as giving nothing.
 */
export const verified = (plan: ZonePlan, measured: Measured, at: number): ZonePlan => {
  const asked = plan.stations.filter((station) => isJudgedBy(station, measured.get(station.stationId)));
  const judged = new Set(asked.map(({ stationId }) => stationId));
  const responses = new Map<string, Response>(
    asked.map(({ stationId, baselineW, shedW }) => [
      stationId,
      { askedW: shedW, measuredW: measured.get(stationId)?.powerW ?? baselineW },
    ]),
  );
  const stations = plan.stations.map(({ measuredW: _, ...station }) => ({
    ...station,
    ...omitUndefined({ measuredW: measured.get(station.stationId)?.powerW }),
  }));
  const seen = revised(plan, { stations, verifiedAt: at }, at);
  if (!isLacking(seen, 0)) return relieved({ ...seen, round: 1 });
  if (!isLacking(seen, plan.round)) return seen;
  const reductions = plan.signals.map((signal) => reductionOf(signal, plan.stations));
  const { nonResponsive } = replan(stations.map(frozenStationOf), reductions, responses);
  const lacking = new Set(nonResponsive);
  const credited = stations.map((station) => {
    const credit = lacking.has(station.stationId) ? { creditW: givenOf(station) } : {};
    return withExcess({ ...station, ...credit }, judged.has(station.stationId));
  });
  const next = solved({ ...seen, stations: credited });
  const isChanged = next.stations.some(({ capW }, index) => capW !== stations[index]?.capW);
  return isChanged ? { ...next, round: plan.round + 1 } : seen;
};

/** What is to be delivered in all where a signal asks, W: at most what was drawn there. */
const demandedOf = ({ signals, stations }: ZonePlan, signal: PlannedSignal): number => {
  const members = stations.filter((station) => concerns(signal, station));
  const baselineW = members.reduce((sum, station) => sum + station.baselineW, 0);
  const others = signals.filter(({ isAdditive, siteId }) => !isAdditive && siteId === signal.siteId);
  const besideW = signal.isAdditive ? Math.max(0, ...others.map(({ targetW }) => targetW)) : 0;
  return Math.min(baselineW, besideW + signal.targetW);
};

/** Whether meters show less than any signal asks, by more than is worth another of so many rounds. */
const isLacking = (plan: ZonePlan, round: number): boolean =>
  plan.signals.some((signal) => {
    const deliveredW = deliveredOf(plan.stations.filter((station) => concerns(signal, station)));
    return isWorthAnotherRound(demandedOf(plan, signal), deliveredW, round);
  });

/** What stations draw less than when they were frozen, W. One of which nothing is known gives nothing. */
export const deliveredOf = (stations: readonly PlannedStation[]): number =>
  stations.reduce((sum, { baselineW, measuredW }) => sum + (measuredW === undefined ? 0 : baselineW - measuredW), 0);

const membersOf = (plan: ZonePlan, signalId: string): readonly PlannedStation[] => {
  const signal = plan.signals.find((one) => one.signalId === signalId);
  return signal === undefined ? [] : plan.stations.filter((station) => concerns(signal, station));
};

const promisedOf = (members: readonly PlannedStation[]): number =>
  Math.max(0, members.reduce((sum, { shedW }) => sum + shedW, 0) - excessOf(members));

/**
 * Stations that rejected a maximum for the whole, where the others cannot give all that is asked: they may take a limit car by
 * car.
 */
export const worthAskingByCar = (plan: ZonePlan): readonly PlannedStation[] =>
  plan.signals.some((signal) => {
    const members = plan.stations.filter((station) => concerns(signal, station));
    return isWorthAnotherRound(demandedOf(plan, signal), promisedOf(members), 0);
  })
    ? plan.stations.filter(({ sent, abilities }) => sent?.answer === 'rejected' && abilities?.hasStationMax !== false)
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

/** What the plan promises one of its signals. */
export const figuresOf = (plan: ZonePlan, signalId: string): PlanFigures => {
  const members = membersOf(plan, signalId);
  const askedW = plan.signals.find((one) => one.signalId === signalId)?.targetW ?? 0;
  const plannedW = promisedOf(members);
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
    deliveredW: deliveredOf(members),
    plannedW: promisedOf(members),
    nonResponsiveCount: members.filter(({ creditW }) => creditW !== undefined).length,
  };
};

/** When the first station that a signal asks accepted its cap; undefined if none did. */
export const firstAcceptedAt = (plan: ZonePlan, signalId: string): number | undefined => {
  const instants = membersOf(plan, signalId).flatMap(({ sent }) =>
    sent?.answer === 'accepted' && sent.answeredAt !== undefined ? [sent.answeredAt] : [],
  );
  return instants.toSorted((a, b) => a - b)[0];
};

/** When the last signal that concerns a station ends; undefined without one. */
export const endFor = (plan: ZonePlan, station: { readonly siteId: string }): number | undefined => {
  const ends = plan.signals.filter((signal) => concerns(signal, station)).map(({ endAt }) => endAt);
  return ends.length === 0 ? undefined : Math.max(...ends);
};

/**
 * Whether a station is to be sent something: its cap, if it was sent another, or was offline and has been heard of since; or
 * that the event is over, before its profile says so.
 */
export const isOwed = (plan: ZonePlan, station: PlannedStation): boolean => {
  const { sent, capW, measuredW } = station;
  const endAt = endFor(plan, station);
  if (endAt === undefined || endAt <= plan.decidedAt) return sent !== undefined && sent.endAt > plan.decidedAt;
  if (sent === undefined || sent.capW !== capW || sent.endAt !== endAt) return true;
  return sent.answer === 'unreachable' && measuredW !== undefined;
};

/** What is known of the commands of a plan, by their id; those that are under way are left out. */
export type CommandAnswers = ReadonlyMap<string, CommandAnswer>;

const answerOf = (sent: SentCap, answers: CommandAnswers): SentCap => {
  const known = (sent.commandIds ?? []).flatMap((commandId) => answers.get(commandId) ?? []);
  if (sent.answer !== 'sent' || known.length === 0 || known.length < (sent.commandIds?.length ?? 0)) return sent;
  const worst = known.find(({ answer }) => answer !== 'accepted') ?? known[0];
  if (worst === undefined) return sent;
  return { ...sent, answer: worst.answer, answeredAt: Math.max(...known.map(({ at }) => at)) };
};

/** Commands whose end the plan does not know yet, by station. */
export const openCommands = (plan: ZonePlan): readonly { readonly stationId: string; readonly commandId: string }[] =>
  plan.stations.flatMap(({ stationId, sent }) =>
    sent?.answer === 'sent' ? (sent.commandIds ?? []).map((commandId) => ({ stationId, commandId })) : [],
  );

/** A plan that knows how stations answered. */
export const answered = (plan: ZonePlan, answers: CommandAnswers): ZonePlan =>
  answers.size === 0
    ? plan
    : {
        ...plan,
        stations: plan.stations.map((station) =>
          station.sent ? { ...station, sent: answerOf(station.sent, answers) } : station,
        ),
      };

/** Whether an emergency concerns a station: it returns without a delay of its own then. */
export const isEmergencyFor = (plan: ZonePlan, station: { readonly siteId: string }): boolean =>
  isEmergencyIn(plan.signals, station);

/** How the stations that a signal asks took it. */
export const countsOf = (plan: ZonePlan, signalId: string): StationCounts => {
  const members = membersOf(plan, signalId);
  const count = (is: (station: PlannedStation) => boolean): number => members.filter(is).length;
  const isAsked = ({ shedW, creditW }: PlannedStation): boolean => shedW > 0 || creditW !== undefined;
  return {
    asked: count(isAsked),
    paused: count(({ capW, shedW }) => shedW > 0 && capW === 0),
    refused: count(({ sent }) => sent?.answer === 'refused' || sent?.answer === 'rejected'),
    silent: count(({ sent }) => sent?.answer === 'silent'),
    randomised: count((station) => isAsked(station) && station.sent !== undefined && !station.sent.isEmergency),
    unreachable: count(({ sent }) => sent?.answer === 'unreachable'),
    nonResponsive: count(({ creditW }) => creditW !== undefined),
    unknown: count(({ isUnknown }) => isUnknown === true),
  };
};
