import type { System } from '../../async/system.ts';
import { answered, openCommands } from '../../domain/demand-response/command-answers.ts';
import { REBOUND_SEC } from '../../domain/demand-response/event-metrics.ts';
import { addedCounts, countsOf } from '../../domain/demand-response/plan-figures.ts';
import {
  counted,
  ended,
  OURSELVES,
  restored,
  type SignalEnd,
  type SignalRecord,
} from '../../domain/demand-response/signal-record.ts';
import { emptyPlan, hasOpenReturns, revised, type ZonePlan } from '../../domain/demand-response/zone-plan.ts';
import { SECOND_MS } from '../../domain/kernel/durations.ts';
import type { PlanStore } from '../ports/demand-response/plan-store.ts';
import type { SentCommands } from '../ports/demand-response/sent-commands.ts';
import { type EventZonesPorts, eventZones, owedChunks } from './event-zones.ts';
import { stepResult as result, type StepRequest, type StepResult } from './step.ts';
import { type ReportPorts, writeReport } from './write-report.ts';

export type EndPorts = Omit<EventZonesPorts, 'signals' | 'plans'> &
  ReportPorts & {
    readonly signals: EventZonesPorts['signals'] & ReportPorts['signals'];
    readonly plans: EventZonesPorts['plans'] & Pick<PlanStore, 'load'>;
    readonly commands: SentCommands;
    readonly system: System;
  };

/** Ends an event: takes its signal out of the plans of its zones, and writes its report once the rebound was watched. */
export const endEvent = (ports: EndPorts) => {
  const { plans, commands, system } = ports;
  const { change, inZones, zonesOf, leave } = eventZones(ports);
  const report = writeReport(ports);

  /** For how long the rebound is still watched, s. */
  const watchSec = ({ restoredAt }: SignalRecord, now: number): number =>
    REBOUND_SEC - Math.floor((now - (restoredAt ?? now)) / SECOND_MS);

  const restore = async (input: StepRequest): Promise<StepResult> => {
    const { failure } = input;
    const why = failure ? (failure.Error ?? 'Error') : 'The event is over';
    const record = await change.record(input, (one) => restored(one, OURSELVES, why, system.clock()));
    if (record === 'outdated' || record.state === 'ended') return result(input, 'done');
    const now = system.clock();
    const zones = await zonesOf(record);
    const counts = (await Promise.all(zones.map(plans.load))).map((plan) => countsOf(plan, input.signalId, now));
    await change.record(input, (one) => counted(one, addedCounts(counts)));
    const chunks = (await leave(zones, input, now)).flatMap(owedChunks);
    return result(input, 'dispatch', { chunks, waitSec: Math.max(1, watchSec(record, now)) });
  };

  /** A plan as stations answered, as its next revision: what is sent again is another command. */
  const answeredBy = async (plan: ZonePlan, now: number): Promise<ZonePlan> =>
    revised(answered(plan, await commands.answersTo(openCommands(plan))), {}, now);

  /** Looks whether stations took their returns, and lets those be sent again that did not get through. */
  const seeReturns = async (input: StepRequest): Promise<StepResult> => {
    const record = await change.current(input);
    if (record === undefined || record.state === 'ended') return result(input, 'done');
    const now = system.clock();
    const leftSec = watchSec(record, now);
    if (leftSec <= 0) return result(input, 'over', { waitSec: 1 });
    const seenPlans = await inZones(await zonesOf(record), async (zoneId) => {
      let seen = emptyPlan(zoneId);
      await change.plan(
        zoneId,
        async () => undefined,
        async (plan) => {
          seen = await answeredBy(plan, now);
          return owedChunks(seen).length > 0 ? seen : plan;
        },
      );
      return seen;
    });
    const chunks = seenPlans.flatMap(owedChunks);
    if (chunks.length > 0) return result(input, 'dispatch', { chunks });
    return result(input, seenPlans.some((plan) => hasOpenReturns(plan, now)) ? 'hold' : 'over', { waitSec: leftSec });
  };

  const finish = async (input: StepRequest, as?: SignalEnd): Promise<StepResult> => {
    const end = (record: SignalRecord): SignalRecord => {
      const { signal, activatedAt, restoredAt = signal.endAt } = record;
      const now = system.clock();
      if (as !== undefined) return ended(record, as, now, input.failure?.Cause?.slice(0, 500));
      if (restoredAt < signal.endAt) return ended(record, 'cancelled', now);
      if (activatedAt === undefined) return ended(record, 'failed', now, 'It was over before it could begin');
      return ended(record, 'completed', now);
    };
    const record = await change.current(input);
    if (record === undefined) return result(input, 'done');
    if (as === 'failed') {
      // That it failed is told even if the report is what cannot be written.
      await change.record(input, end, record);
      await report(end(record));
    } else {
      // Whoever hears that an event has ended finds its report.
      await report(end(record));
      await change.record(input, end, record);
    }
    return result(input, 'done');
  };

  return { restore, seeReturns, finish };
};
