import type { System } from '../../async/system.ts';
import { judgedAfterSec, nextCheckSec, soonSec } from '../../domain/demand-response/check-times.ts';
import { answered, openCommands } from '../../domain/demand-response/command-answers.ts';
import {
  addedChecks,
  addedCounts,
  addedFigures,
  checkOf,
  countsOf,
  figuresOf,
  firstAcceptedAt,
} from '../../domain/demand-response/plan-figures.ts';
import { reachedAgain, unreachedStations } from '../../domain/demand-response/reached-again.ts';
import { acknowledged, checked, counted, replanned } from '../../domain/demand-response/signal-record.ts';
import { askedByCar, verifiedPlan, worthAskingByCar } from '../../domain/demand-response/verified-plan.ts';
import { inForce, withMembers, type ZonePlan } from '../../domain/demand-response/zone-plan.ts';
import { SECOND_MS } from '../../domain/kernel/durations.ts';
import type { SentCommands } from '../ports/demand-response/sent-commands.ts';
import type { SignalStore } from '../ports/demand-response/signal-store.ts';
import type { ZoneNetwork } from '../ports/demand-response/zone-network.ts';
import { type EventZonesPorts, eventZones, owedChunks } from './event-zones.ts';
import { stepResult as result, type StepResult } from './step.ts';
import type { ExecutionInput } from './submit-signal.ts';

export type VerifyPorts = Omit<EventZonesPorts, 'network' | 'signals'> & {
  readonly network: Pick<ZoneNetwork, 'membersOf' | 'stationsBy' | 'reachedBy' | 'loadsOf' | 'zonesOfSite'>;
  readonly signals: EventZonesPorts['signals'] & Pick<SignalStore, 'addCheck'>;
  readonly commands: SentCommands;
  readonly system: System;
  readonly meterIntervalSec: number;
};

/** Holds a running event against the meters, and asks others for what is missing. */
export const verifyEvent = (ports: VerifyPorts) => {
  const { signals, commands, network, system, meterIntervalSec } = ports;
  const { change, inZones, zonesOf } = eventZones(ports);
  const dueMs = judgedAfterSec(meterIntervalSec) * SECOND_MS;
  const freshMs = (soonSec(meterIntervalSec) * SECOND_MS) / 2;

  /** Which of these stations can be sent something: those that were never connected cannot. */
  const reachable = async (stationIds: readonly string[], now: number): Promise<ReadonlySet<string>> => {
    const found = stationIds.length === 0 ? [] : await network.reachedBy(stationIds, now);
    return new Set(found.flatMap(({ station, contact }) => (contact.ocpp === undefined ? [] : station.stationId)));
  };

  /** A plan held against how stations answered, who came into the zone and who left it, and what meters say. */
  const looked = async (plan: ZonePlan, members: ReadonlySet<string>, now: number): Promise<ZonePlan> => {
    const running = inForce(plan, now);
    const told = answered(running, await commands.answersTo(openCommands(running)));
    const known = new Set(told.stations.map(({ stationId }) => stationId));
    const newcomers = [...members].filter((stationId) => !known.has(stationId));
    const there = withMembers(told, members, await network.stationsBy(newcomers, now), now);
    const current = reachedAgain(there, await reachable(unreachedStations(there), now));
    const held = verifiedPlan(current, await network.loadsOf(current.stations, now), { at: now, dueMs });
    const reluctant = worthAskingByCar(held).map(({ stationId }) => stationId);
    return reluctant.length === 0 ? held : askedByCar(held, await network.stationsBy(reluctant, now), now);
  };

  return async (input: ExecutionInput): Promise<StepResult> => {
    const record = await change.current(input);
    if (record === undefined || record.state !== 'active') return result(input, 'done');
    const { signal, activatedAt = signal.startAt } = record;
    const now = system.clock();
    if (signal.endAt <= now) return result(input, 'over');
    const rounds = new Map<string, number>();
    const after = await inZones(await zonesOf(record), (zoneId) =>
      change.plan(
        zoneId,
        () => network.membersOf(zoneId),
        (plan, members) => {
          rounds.set(zoneId, plan.round);
          // Another signal's execution may just have looked at the same plan.
          const isFresh = plan.verifiedAt !== undefined && now - plan.verifiedAt < freshMs;
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
    // Kept at each check: whoever follows this event at its last instant takes it out of the plan.
    const counts = addedCounts(after.map((plan) => countsOf(plan, signal.signalId, now)));
    // Where nothing was sent for it, what stations accept is for others.
    const [acceptedAt] = (record.sentAt === undefined ? [] : after)
      .flatMap((plan) => firstAcceptedAt(plan, signal.signalId, activatedAt) ?? [])
      .toSorted((a, b) => a - b);
    await change.record(input, (one) => {
      // It was cancelled while the meters were read: it does not become active again.
      if (one.state !== 'active') return one;
      const known = counted(acknowledged(one, acceptedAt), counts);
      return isReplanned ? replanned(known, check, figures) : checked(known, check, figures.shortfallW);
    });
    // Whatever was planned and never sent, by this execution or one beside it that was stopped, is sent now.
    const chunks = after.flatMap(owedChunks);
    const { startAt, endAt } = signal;
    const sends = { chunkCount: chunks.length, isReplanned };
    const waitSec = nextCheckSec({ startAt, endAt, activatedAt }, meterIntervalSec, now, sends);
    return result(input, chunks.length > 0 ? 'dispatch' : 'hold', { chunks, waitSec });
  };
};
