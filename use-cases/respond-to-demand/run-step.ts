import pMap from 'p-map';
import { optimistically } from '../../async/optimistically.ts';
import type { System } from '../../async/system.ts';
import { type GridSignal, scopeOf } from '../../domain/demand-response/grid-signal.ts';
import {
  acknowledged,
  activated,
  checked,
  counted,
  dispatched,
  ended,
  type PlanFigures,
  restored,
  type SignalCheck,
  type SignalEnd,
  type SignalRecord,
  type StationCounts,
} from '../../domain/demand-response/signal-record.ts';
import {
  answered,
  askedByCar,
  checkOf,
  countsOf,
  figuresOf,
  firstAcceptedAt,
  isOwed,
  joined,
  left,
  openCommands,
  verified,
  withNewcomers,
  worthAskingByCar,
  type ZonePlan,
} from '../../domain/demand-response/zone-plan.ts';
import { type PlanChunk, type PlanStore, STATIONS_PER_CHUNK } from '../ports/demand-response/plan-store.ts';
import type { SentCommands } from '../ports/demand-response/sent-commands.ts';
import type { SignalStore } from '../ports/demand-response/signal-store.ts';
import type { ZoneNetwork } from '../ports/demand-response/zone-network.ts';
import { type DispatchPorts, dispatchChunk } from './dispatch-chunk.ts';
import type { ExecutionInput } from './submit-signal.ts';
import { type ReportPorts, writeReport } from './write-report.ts';

export type StepPorts = DispatchPorts &
  ReportPorts & {
    readonly signals: SignalStore;
    readonly plans: PlanStore;
    readonly network: ZoneNetwork;
    readonly commands: SentCommands;
    readonly system: System;
    /** How often chargers send meter values, s: a response cannot be seen sooner. */
    readonly meterIntervalSec: number;
  };

export const stepNames = ['begin', 'dispatch', 'verify', 'restore', 'finish', 'fail'] as const;
export type StepName = (typeof stepNames)[number];

/** What a task of the state machine is asked: a step of an execution. */
export type StepRequest = ExecutionInput & {
  readonly step: StepName;
  /** Of 'dispatch': which stations. */
  readonly chunk?: PlanChunk;
  /** Of 'restore' and 'fail': what went wrong. */
  readonly failure?: { readonly Error?: string; readonly Cause?: string };
};

/**
 * Where the execution goes next. 'waiting': begin again at `until`. 'dispatch': send the chunks, then look at the meters.
 * 'hold': look at the meters again after `waitSec`. 'over': lift the limits. 'done': nothing is left for this execution.
 */
export type StepResult = ExecutionInput & {
  readonly next: 'waiting' | 'dispatch' | 'hold' | 'over' | 'done';
  readonly chunks: readonly PlanChunk[];
  readonly waitSec: number;
  readonly until: string;
};

const DAY_MS = 86_400_000;
/** A wait is cut into days: a state machine on one machine keeps no longer timers. */
const LONGEST_WAIT_MS = DAY_MS;
/** A meter's word takes this long to come through, beside its interval. */
const SETTLE_SEC = 10;
/** While it is new an event is looked at with every meter interval, later every minute. */
const NEW_MS = 300_000;
const CHECK_SEC = 60;
/** So many checks of an event at most: its history has a limit. */
const MOST_CHECKS = 1_200;
/** The rebound is watched for so long after limits are lifted. */
const REBOUND_SEC = 900;

/** The chunks of a plan in which a station is to be sent something. */
const owedChunks = (plan: ZonePlan): readonly PlanChunk[] => {
  const { zoneId, rev, stations } = plan;
  const isOwedIn = (index: number): boolean =>
    stations
      .slice(index * STATIONS_PER_CHUNK, (index + 1) * STATIONS_PER_CHUNK)
      .some((station) => isOwed(plan, station));
  return Array.from({ length: Math.ceil(stations.length / STATIONS_PER_CHUNK) }, (_, index) => index)
    .filter(isOwedIn)
    .map((index) => ({ zoneId, rev, index }));
};

const added = (figures: readonly PlanFigures[]): PlanFigures => {
  const sum = (of: (one: PlanFigures) => number): number => figures.reduce((total, one) => total + of(one), 0);
  return {
    baselineW: sum(({ baselineW }) => baselineW),
    askedW: sum(({ askedW }) => askedW),
    plannedW: sum(({ plannedW }) => plannedW),
    shortfallW: sum(({ shortfallW }) => shortfallW),
    stationCount: sum(({ stationCount }) => stationCount),
    unknownCount: sum(({ unknownCount }) => unknownCount),
  };
};

const addedCounts = (counts: readonly StationCounts[]): StationCounts => {
  const sum = (of: (one: StationCounts) => number): number => counts.reduce((total, one) => total + of(one), 0);
  return {
    asked: sum(({ asked }) => asked),
    paused: sum(({ paused }) => paused),
    refused: sum(({ refused }) => refused),
    silent: sum(({ silent }) => silent),
    randomised: sum(({ randomised }) => randomised),
    unreachable: sum(({ unreachable }) => unreachable),
    nonResponsive: sum(({ nonResponsive }) => nonResponsive),
    unknown: sum(({ unknown }) => unknown),
  };
};

/**
 * The steps of a demand-response execution. Each reads what is stored and writes under a guard, so that a step that runs
 * twice, late or beside another execution of the same signal changes nothing.
 */
export const runStep = (ports: StepPorts) => {
  const { signals, plans, commands, network, system, meterIntervalSec } = ports;
  const dispatch = dispatchChunk(ports);
  const report = writeReport(ports);

  const zonesOf = (signal: GridSignal): Promise<readonly string[]> =>
    signal.kind === 'site-curtailment' ? network.zonesOfSite(signal.siteId) : Promise.resolve([signal.zoneId]);

  /** Changes the plan of a zone; `change` returns the plan itself where nothing is to be changed. */
  const changePlan = (zoneId: string, change: (plan: ZonePlan) => Promise<ZonePlan> | ZonePlan): Promise<ZonePlan> =>
    optimistically(system, async () => {
      const plan = await plans.load(zoneId);
      const next = await change(plan);
      if (next === plan || (await plans.commit(next, plan.rev)) === 'committed') return next;
      return undefined;
    });

  /** Changes the record of a version, while that is still the known one. */
  const changeRecord = (
    { signalId, version }: ExecutionInput,
    change: (record: SignalRecord) => SignalRecord,
  ): Promise<SignalRecord | 'outdated'> =>
    optimistically<SignalRecord | 'outdated'>(system, async () => {
      const record = await signals.load(signalId);
      if (record === undefined || record.signal.version !== version) return 'outdated';
      const next = change(record);
      return next === record || (await signals.commit(next, record.rev)) === 'committed' ? next : undefined;
    });

  const current = async ({ signalId, version }: ExecutionInput): Promise<SignalRecord | undefined> => {
    const record = await signals.load(signalId);
    return record?.signal.version === version ? record : undefined;
  };

  const result = (
    { signalId, version, purpose }: ExecutionInput,
    next: StepResult['next'],
    fields: Partial<StepResult> = {},
  ): StepResult => ({
    signalId,
    version,
    purpose,
    next,
    chunks: [],
    waitSec: 0,
    until: new Date(system.clock()).toISOString(),
    ...fields,
  });

  const firstLookSec = meterIntervalSec + SETTLE_SEC;

  const begin = async (input: ExecutionInput): Promise<StepResult> => {
    const record = await current(input);
    if (record === undefined || record.state === 'restoring' || record.state === 'ended') return result(input, 'done');
    const { signal } = record;
    const now = system.clock();
    if (signal.startAt > now) {
      const until = new Date(Math.min(signal.startAt, now + LONGEST_WAIT_MS)).toISOString();
      return result(input, 'waiting', { until });
    }
    if (signal.endAt <= now) return result(input, 'over');
    const zones = await zonesOf(signal);
    const joinedPlans = await pMap(
      zones,
      (zoneId) =>
        changePlan(zoneId, async (plan) => {
          const known = plan.signals.find(({ signalId }) => signalId === signal.signalId);
          if (known?.version === signal.version) return plan;
          return joined(plan, signal, await network.stationsOf(zoneId, now), now);
        }),
      { concurrency: 4 },
    );
    if (record.state === 'waiting') {
      const figures = added(joinedPlans.map((plan) => figuresOf(plan, signal.signalId)));
      if (figures.stationCount === 0) {
        for (const zoneId of zones) await changePlan(zoneId, (plan) => left(plan, signal.signalId, now));
        const reason = `No station takes part in ${scopeOf(signal)}`;
        await changeRecord(input, (one) => ended(one, 'failed', now, reason));
        return result(input, 'done');
      }
      await changeRecord(input, (one) => (one.state === 'waiting' ? activated(one, figures, now) : one));
    }
    return result(input, 'dispatch', { chunks: joinedPlans.flatMap(owedChunks), waitSec: firstLookSec });
  };

  const waitFor = ({ signal, activatedAt = 0 }: SignalRecord, now: number): number => {
    const stretchedSec = Math.ceil((signal.endAt - signal.startAt) / 1_000 / MOST_CHECKS);
    const leftSec = Math.ceil((signal.endAt - now) / 1_000);
    const isNew = now - activatedAt < NEW_MS;
    return Math.max(1, Math.min(isNew ? meterIntervalSec : Math.max(CHECK_SEC, stretchedSec), leftSec));
  };

  /** A plan held against how stations answered, who came into the zone, and what meters say. */
  const looked = async (plan: ZonePlan, now: number): Promise<ZonePlan> => {
    const told = answered(plan, await commands.answersTo(openCommands(plan)));
    const known = new Set(told.stations.map(({ stationId }) => stationId));
    const current = withNewcomers(told, await network.stationsOf(told.zoneId, now, known), now);
    const held = verified(current, await network.loadsOf(current.stations, now), now);
    const reluctant = new Set(worthAskingByCar(held).map(({ stationId }) => stationId));
    if (reluctant.size === 0) return held;
    const others = new Set([...known].filter((stationId) => !reluctant.has(stationId)));
    return askedByCar(held, await network.stationsOf(held.zoneId, now, others), now);
  };

  const verify = async (input: ExecutionInput): Promise<StepResult> => {
    const record = await current(input);
    if (record === undefined || record.state !== 'active') return result(input, 'done');
    const { signal } = record;
    const now = system.clock();
    if (signal.endAt <= now) return result(input, 'over');
    const before = await Promise.all((await zonesOf(signal)).map(plans.load));
    const after = await pMap(
      before,
      ({ zoneId }) =>
        changePlan(zoneId, async (plan) => {
          // Another signal's execution may just have looked at the same plan.
          if (plan.verifiedAt !== undefined && now - plan.verifiedAt < (SETTLE_SEC * 1_000) / 2) return plan;
          return looked(plan, now);
        }),
      { concurrency: 4 },
    );
    const checks = after.map((plan) => checkOf(plan, signal.signalId, now));
    const sum = (of: (check: SignalCheck) => number): number => checks.reduce((total, check) => total + of(check), 0);
    const check: SignalCheck = {
      at: now,
      deliveredW: sum(({ deliveredW }) => deliveredW),
      plannedW: sum(({ plannedW }) => plannedW),
      nonResponsiveCount: sum(({ nonResponsiveCount }) => nonResponsiveCount),
    };
    await signals.addCheck(signal.signalId, check);
    const replanned = after.filter(({ round }, index) => round > (before[index]?.round ?? 0));
    const figures = added(after.map((plan) => figuresOf(plan, signal.signalId)));
    const [acceptedAt] = after
      .flatMap((plan) => firstAcceptedAt(plan, signal.signalId) ?? [])
      .toSorted((a, b) => a - b);
    await changeRecord(input, (one) => {
      const known = acknowledged(one, acceptedAt);
      return replanned.length > 0
        ? activated(checked(known, check, 0), figures, now)
        : checked(known, check, figures.shortfallW);
    });
    // Whatever was planned and never sent, by this execution or one beside it that was stopped, is sent now.
    const chunks = after.flatMap(owedChunks);
    return chunks.length > 0
      ? result(input, 'dispatch', { chunks, waitSec: firstLookSec })
      : result(input, 'hold', { waitSec: waitFor(record, now) });
  };

  const send = async (input: StepRequest): Promise<StepResult> => {
    if (input.chunk === undefined) throw new Error('A dispatch names its chunk');
    const { sentCount, refusedCount } = await dispatch(input.chunk);
    if (sentCount + refusedCount > 0)
      await changeRecord(input, (record) =>
        record.state === 'ended' ? record : dispatched(record, { sentCount, refusedCount }, system.clock()),
      );
    return result(input, 'dispatch');
  };

  const restore = async (input: StepRequest): Promise<StepResult> => {
    const { failure } = input;
    const record = await changeRecord(input, (one) => {
      const [by, why] = failure ? ['wattstream', `${failure.Error ?? 'Error'}`] : ['wattstream', 'The event is over'];
      return restored(one, by, why, system.clock());
    });
    if (record === 'outdated' || record.state === 'ended') return result(input, 'done');
    const now = system.clock();
    const zones = await zonesOf(record.signal);
    const counts = (await Promise.all(zones.map(plans.load))).map((plan) => countsOf(plan, input.signalId));
    await changeRecord(input, (one) => counted(one, addedCounts(counts)));
    const plansAfter = await pMap(zones, (zoneId) => changePlan(zoneId, (plan) => left(plan, input.signalId, now)), {
      concurrency: 4,
    });
    return result(input, 'dispatch', { chunks: plansAfter.flatMap(owedChunks), waitSec: REBOUND_SEC });
  };

  const finish = async (input: StepRequest, as?: SignalEnd): Promise<StepResult> => {
    const { failure } = input;
    const finished = await changeRecord(input, (record) => {
      const isEarly = (record.restoredAt ?? record.signal.endAt) < record.signal.endAt;
      return ended(record, as ?? (isEarly ? 'cancelled' : 'completed'), system.clock(), failure?.Cause?.slice(0, 500));
    });
    if (finished !== 'outdated') await report(finished);
    return result(input, 'done');
  };

  return (request: StepRequest): Promise<StepResult> => {
    switch (request.step) {
      case 'begin':
        return begin(request);
      case 'dispatch':
        return send(request);
      case 'verify':
        return verify(request);
      case 'restore':
        return restore(request);
      case 'finish':
        return finish(request);
      case 'fail':
        return finish(request, 'failed');
    }
  };
};
