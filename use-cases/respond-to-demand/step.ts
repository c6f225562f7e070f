import type { PlanChunk } from '../ports/demand-response/plan-store.ts';
import type { ExecutionInput } from './submit-signal.ts';

export type StepName = 'begin' | 'dispatch' | 'verify' | 'restore' | 'see-returns' | 'finish' | 'fail';

/** What a task of the state machine is asked: a step of an execution. */
export type StepRequest = ExecutionInput & {
  readonly step: StepName;
  /** Of 'dispatch': which stations. */
  readonly chunk?: PlanChunk;
  /** Of 'restore' and 'fail': what went wrong. */
  readonly failure?: { readonly Error?: string; readonly Cause?: string };
};

/**
 * Where the execution goes next. 'waiting': send the chunks, and begin again at `until`. 'dispatch': send the chunks, then look
 * at the meters. 'hold': look at the meters again after `waitSec`. 'over': lift the limits, or watch the rebound where they
 * are. 'done': nothing is left for this execution.
 */
export type StepResult = ExecutionInput & {
  readonly next: 'waiting' | 'dispatch' | 'hold' | 'over' | 'done';
  readonly chunks: readonly PlanChunk[];
  readonly waitSec: number;
  readonly until: string;
};

/** The answer of a step. */
export const stepResult = (
  { signalId, version, purpose }: ExecutionInput,
  next: StepResult['next'],
  { chunks = [], waitSec = 0, until = new Date(0).toISOString() }: Partial<StepResult> = {},
): StepResult => ({ signalId, version, purpose, next, chunks, waitSec, until });
