import { optimistically } from '../../async/optimistically.ts';
import type { System } from '../../async/system.ts';
import type { SignalRecord } from '../../domain/demand-response/signal-record.ts';
import type { ZonePlan } from '../../domain/demand-response/zone-plan.ts';
import type { PlanStore } from '../ports/demand-response/plan-store.ts';
import type { SignalStore } from '../ports/demand-response/signal-store.ts';
import type { ExecutionInput } from './submit-signal.ts';

export type GuardedPorts = {
  readonly signals: Pick<SignalStore, 'load' | 'commit'>;
  readonly plans: Pick<PlanStore, 'load' | 'commit'>;
  readonly system: System;
};

/** A version of a signal. */
export type Version = Pick<ExecutionInput, 'signalId' | 'version'>;

/** Changes of plans and records, each written under the revision it was made from, and made anew where another was first. */
export const guardedChanges = ({ signals, plans, system }: GuardedPorts) => ({
  /**
   * Changes the plan of a zone; `change` returns the plan itself where nothing is to be changed. What it needs besides is read
   * beside the plan, once: where many signals change a plan at one time, only the plan is read anew.
   */
  plan: async <Beside>(
    zoneId: string,
    read: () => Promise<Beside>,
    change: (plan: ZonePlan, beside: Beside) => Promise<ZonePlan> | ZonePlan,
  ): Promise<ZonePlan> => {
    const besides = read();
    return optimistically(system, async () => {
      const [plan, beside] = await Promise.all([plans.load(zoneId), besides]);
      const next = await change(plan, beside);
      return next === plan || (await plans.commit(next, plan.rev)) === 'committed' ? next : undefined;
    });
  },

  /** Changes the record of a version, while that is still the known one. `known`: the record as it was just read. */
  record: (
    { signalId, version }: Version,
    change: (record: SignalRecord) => SignalRecord,
    known?: SignalRecord,
  ): Promise<SignalRecord | 'outdated'> => {
    let first = known;
    return optimistically<SignalRecord | 'outdated'>(system, async () => {
      const record = first ?? (await signals.load(signalId));
      first = undefined;
      if (record === undefined || record.signal.version !== version) return 'outdated';
      const next = change(record);
      return next === record || (await signals.commit(next, record.rev)) === 'committed' ? next : undefined;
    });
  },

  /** The record of a version; undefined where another is known by now. */
  current: async ({ signalId, version }: Version): Promise<SignalRecord | undefined> => {
    const record = await signals.load(signalId);
    return record?.signal.version === version ? record : undefined;
  },
});
