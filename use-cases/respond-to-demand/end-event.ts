import type { System } from '../../async/system.ts';
import { addedCounts, countsOf } from '../../domain/demand-response/plan-figures.ts';
import {
  counted,
  ended,
  restored,
  type SignalEnd,
  type SignalRecord,
} from '../../domain/demand-response/signal-record.ts';
import { SECOND_MS } from '../../domain/kernel/durations.ts';
import type { PlanStore } from '../ports/demand-response/plan-store.ts';
import { type EventZonesPorts, eventZones, owedChunks } from './event-zones.ts';
import { stepResult as result, type StepRequest, type StepResult } from './step.ts';
import { type ReportPorts, writeReport } from './write-report.ts';

export type EndPorts = Omit<EventZonesPorts, 'signals' | 'plans'> &
  ReportPorts & {
    readonly signals: EventZonesPorts['signals'] & ReportPorts['signals'];
    readonly plans: EventZonesPorts['plans'] & Pick<PlanStore, 'load'>;
    readonly system: System;
  };

/** The rebound is watched for so long after limits are lifted. */
const REBOUND_SEC = 900;

/** Ends an event: takes its signal out of the plans of its zones, and writes its report once the rebound was watched. */
export const endEvent = (ports: EndPorts) => {
  const { plans, system } = ports;
  const { change, zonesOf, leave } = eventZones(ports);
  const report = writeReport(ports);

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
    const watchedSec = Math.floor((now - (record.restoredAt ?? now)) / SECOND_MS);
    return result(input, 'dispatch', { chunks, waitSec: Math.max(1, REBOUND_SEC - watchedSec) });
  };

  const finish = async (input: StepRequest, as?: SignalEnd): Promise<StepResult> => {
    const end = (record: SignalRecord): SignalRecord => {
      const isEarly = (record.restoredAt ?? record.signal.endAt) < record.signal.endAt;
      const reason = input.failure?.Cause?.slice(0, 500);
      return ended(record, as ?? (isEarly ? 'cancelled' : 'completed'), system.clock(), reason);
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

  return { restore, finish };
};
