import pMap from 'p-map';
import type { System } from '../../async/system.ts';
import { judgedAfterSec, nextCheckSec, soonSec } from '../../domain/demand-response/check-times.ts';
import { type GridSignal, scopeOf } from '../../domain/demand-response/grid-signal.ts';
import { answered, isOwed, openCommands } from '../../domain/demand-response/owed-caps.ts';
import {
  addedChecks,
  addedCounts,
  addedFigures,
  checkOf,
  countsOf,
  figuresOf,
  firstAcceptedAt,
} from '../../domain/demand-response/plan-figures.ts';
import {
  acknowledged,
  activated,
  checked,
  counted,
  dispatched,
  ended,
  restored,
  type SignalEnd,
} from '../../domain/demand-response/signal-record.ts';
import { askedByCar, verified, worthAskingByCar } from '../../domain/demand-response/verified-plan.ts';
import { inForce, joined, left, withMembers, type ZonePlan } from '../../domain/demand-response/zone-plan.ts';
import { DAY_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import { unreachable } from '../../domain/kernel/unreachable.ts';
import { type PlanChunk, type PlanStore, STATIONS_PER_CHUNK } from '../ports/demand-response/plan-store.ts';
import type { SentCommands } from '../ports/demand-response/sent-commands.ts';
import type { SignalStore } from '../ports/demand-response/signal-store.ts';
import type { ZoneNetwork } from '../ports/demand-response/zone-network.ts';
import { type DispatchPorts, dispatchChunk } from './dispatch-chunk.ts';
import { guardedChanges } from './guarded-changes.ts';
import type { ExecutionInput } from './submit-signal.ts';
import { type ReportPorts, writeReport } from './write-report.ts';

export type StepPorts = DispatchPorts &
  ReportPorts & {
    readonly signals: SignalStore;
    readonly plans: PlanStore;
    readonly network: ZoneNetwork;
    readonly commands: SentCommands;
    readonly system: System;
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

/** A wait is cut into days: a state machine on one machine keeps no longer timers. */
const LONGEST_WAIT_MS = DAY_MS;
/** The rebound is watched for so long after limits are lifted. */
const REBOUND_SEC = 900;
/** Zones of one site that are worked on side by side. */
const ZONES_AT_ONCE = 4;

/** The chunks of a plan in which a station is to be sent something. */
const owedChunks = (plan: ZonePlan): readonly PlanChunk[] => {
  const { zoneId, rev, stations } = plan;
  const owed = stations.flatMap((station, index) =>
    isOwed(plan, station) ? Math.floor(index / STATIONS_PER_CHUNK) : [],
  );
  return [...new Set(owed)].map((index) => ({ zoneId, rev, index }));
};

const nothingBeside = async (): Promise<undefined> => undefined;

/**
 * The steps of a demand-response execution. Each reads what is stored and writes under a guard, so that a step that runs
 * twice, late or beside another execution of the same signal changes nothing.
 */
export const runStep = (ports: StepPorts) => {
  const { signals, plans, commands, network, system, meterIntervalSec } = ports;
  const change = guardedChanges(ports);
  const dispatch = dispatchChunk(ports);
  const report = writeReport(ports);
  const waitSec = soonSec(meterIntervalSec);
  const dueMs = judgedAfterSec(meterIntervalSec) * SECOND_MS;

  const zonesOf = (signal: GridSignal): Promise<readonly string[]> =>
    signal.kind === 'site-curtailment' ? network.zonesOfSite(signal.siteId) : Promise.resolve([signal.zoneId]);

  const inZones = <Result>(zones: readonly string[], work: (zoneId: string) => Promise<Result>): Promise<Result[]> =>
    pMap(zones, work, { concurrency: ZONES_AT_ONCE });

  const leave = (zones: readonly string[], signalId: string, now: number): Promise<ZonePlan[]> =>
    inZones(zones, (zoneId) => change.plan(zoneId, nothingBeside, (plan) => left(plan, signalId, now)));

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

  const begin = async (input: ExecutionInput): Promise<StepResult> => {
    const record = await change.current(input);
    if (record === undefined || record.state === 'restoring' || record.state === 'ended') return result(input, 'done');
    const { signal } = record;
    const now = system.clock();
    if (signal.startAt > now) {
      const until = new Date(Math.min(signal.startAt, now + LONGEST_WAIT_MS)).toISOString();
      return result(input, 'waiting', { until });
    }
    if (signal.endAt <= now) return result(input, 'over');
    const zones = await zonesOf(signal);
    const joinedPlans = await inZones(zones, (zoneId) =>
      change.plan(
        zoneId,
        () => network.stationsOf(zoneId, now),
        (plan, stations) => {
          const known = plan.signals.find(({ signalId }) => signalId === signal.signalId);
          return known?.version === signal.version ? plan : joined(plan, signal, stations, now);
        },
      ),
    );
    if (record.state === 'waiting') {
      const figures = addedFigures(joinedPlans.map((plan) => figuresOf(plan, signal.signalId)));
      if (figures.stationCount === 0) {
        await leave(zones, signal.signalId, now);
        const reason = `No station takes part in ${scopeOf(signal)}`;
        await change.record(input, (one) => ended(one, 'failed', now, reason));
        return result(input, 'done');
      }
      await change.record(input, (one) => (one.state === 'waiting' ? activated(one, figures, now) : one), record);
    }
    return result(input, 'dispatch', { chunks: joinedPlans.flatMap(owedChunks), waitSec });
  };

  /** A plan held against how stations answered, who came into the zone and who left it, and what meters say. */
  const looked = async (plan: ZonePlan, members: ReadonlySet<string>, now: number): Promise<ZonePlan> => {
    const running = inForce(plan, now);
    const told = answered(running, await commands.answersTo(openCommands(running)));
    const known = new Set(told.stations.map(({ stationId }) => stationId));
    const newcomers = [...members].filter((stationId) => !known.has(stationId));
    const current = withMembers(told, members, await network.stationsBy(newcomers, now), now);
    const held = verified(current, await network.loadsOf(current.stations, now), { at: now, dueMs });
    const reluctant = worthAskingByCar(held).map(({ stationId }) => stationId);
    return reluctant.length === 0 ? held : askedByCar(held, await network.stationsBy(reluctant, now), now);
  };

  const verify = async (input: ExecutionInput): Promise<StepResult> => {
    const record = await change.current(input);
    if (record === undefined || record.state !== 'active') return result(input, 'done');
    const { signal, activatedAt = signal.startAt } = record;
    const now = system.clock();
    if (signal.endAt <= now) return result(input, 'over');
    const rounds = new Map<string, number>();
    const after = await inZones(await zonesOf(signal), (zoneId) =>
      change.plan(
        zoneId,
        () => network.membersOf(zoneId),
        (plan, members) => {
          rounds.set(zoneId, plan.round);
          // Another signal's execution may just have looked at the same plan.
          const isFresh = plan.verifiedAt !== undefined && now - plan.verifiedAt < (waitSec * SECOND_MS) / 2;
          return isFresh ? plan : looked(plan, members, now);
        },
      ),
    );
    const check = addedChecks(
      after.map((plan) => checkOf(plan, signal.signalId, now)),
      now,
    );
    await signals.addCheck(signal.signalId, check);
    const isReplanned = after.some(({ zoneId, round }) => round > (rounds.get(zoneId) ?? 0));
    const figures = addedFigures(after.map((plan) => figuresOf(plan, signal.signalId)));
    const [acceptedAt] = after
      .flatMap((plan) => firstAcceptedAt(plan, signal.signalId) ?? [])
      .toSorted((a, b) => a - b);
    await change.record(input, (one) => {
      const known = acknowledged(one, acceptedAt);
      return isReplanned
        ? activated(checked(known, check, 0), figures, now)
        : checked(known, check, figures.shortfallW);
    });
    // Whatever was planned and never sent, by this execution or one beside it that was stopped, is sent now.
    const chunks = after.flatMap(owedChunks);
    if (chunks.length > 0) return result(input, 'dispatch', { chunks, waitSec });
    const { startAt, endAt } = signal;
    return result(input, 'hold', { waitSec: nextCheckSec({ startAt, endAt, activatedAt }, meterIntervalSec, now) });
  };

  const send = async (input: StepRequest): Promise<StepResult> => {
    if (input.chunk === undefined) throw new Error('A dispatch names its chunk');
    const { sentCount, refusedCount } = await dispatch(input.chunk);
    if (sentCount + refusedCount > 0)
      await change.record(input, (record) =>
        record.state === 'ended' ? record : dispatched(record, { sentCount, refusedCount }, system.clock()),
      );
    return result(input, 'dispatch');
  };

  const restore = async (input: StepRequest): Promise<StepResult> => {
    const { failure } = input;
    const why = failure ? (failure.Error ?? 'Error') : 'The event is over';
    const record = await change.record(input, (one) => restored(one, 'wattstream', why, system.clock()));
    if (record === 'outdated' || record.state === 'ended') return result(input, 'done');
    const now = system.clock();
    const zones = await zonesOf(record.signal);
    const counts = (await Promise.all(zones.map(plans.load))).map((plan) => countsOf(plan, input.signalId));
    await change.record(input, (one) => counted(one, addedCounts(counts)));
    const chunks = (await leave(zones, input.signalId, now)).flatMap(owedChunks);
    return result(input, 'dispatch', { chunks, waitSec: REBOUND_SEC });
  };

  const finish = async (input: StepRequest, as?: SignalEnd): Promise<StepResult> => {
    const { failure } = input;
    const finished = await change.record(input, (record) => {
      const isEarly = (record.restoredAt ?? record.signal.endAt) < record.signal.endAt;
      return ended(record, as ?? (isEarly ? 'cancelled' : 'completed'), system.clock(), failure?.Cause?.slice(0, 500));
    });
    if (finished !== 'outdated') await report(finished);
    return result(input, 'done');
  };

  return (request: StepRequest): Promise<StepResult> => {
    const { step } = request;
    switch (step) {
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
      default:
        return unreachable(step);
    }
  };
};
