import { optimistically } from '../../async/optimistically.ts';
import type { System } from '../../async/system.ts';
import type { GridSignal, Restoration } from '../../domain/demand-response/grid-signal.ts';
import { registerSignal, restored, type SignalRecord } from '../../domain/demand-response/signal-record.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import type { SignalStore } from '../ports/demand-response/signal-store.ts';
import type { Workflows } from '../ports/demand-response/workflows.ts';

export type SubmitPorts = {
  readonly signals: SignalStore;
  readonly workflows: Workflows;
  /** Short text of a-z and digits that is the same for the same text, at most 20. */
  readonly digest: (text: string) => string;
  readonly system: System;
};

/** Executions carry ids only: what they act on is read where they act. */
export type ExecutionInput = {
  readonly signalId: string;
  readonly version: number;
  /** What the execution is for: the whole of a signal, or its early end. */
  readonly purpose: 'respond' | 'restore';
};

const executionName = (input: ExecutionInput, digest: SubmitPorts['digest']): string =>
  `dr-${input.purpose}-${digest(`${input.signalId}|${input.version}|${input.purpose}`)}`;

const start = ({ workflows, digest }: SubmitPorts, record: SignalRecord, purpose: ExecutionInput['purpose']) => {
  const { signalId, version } = record.signal;
  const input = { signalId, version, purpose };
  return workflows.start(executionName(input, digest), input);
};

/**
 * Takes a signal in and starts its execution. A duplicate starts it once more, which changes nothing: so what came between
 * the write and the start is made good by whoever delivers again. Returns the record as it stands. Throws Rejected for a
 * version that contradicts the known one, or is older.
 */
export const submitSignal =
  (ports: SubmitPorts) =>
  async (signal: GridSignal): Promise<SignalRecord> => {
    const { signals, system } = ports;
    const record = await optimistically(system, async () => {
      const known = await signals.load(signal.signalId);
      const { kind, record: next } = registerSignal(known, signal);
      const { signalId, version } = signal;
      if (kind === 'outdated')
        throw new Rejected(`${signalId}: version ${next.signal.version} is known, and version ${version} is older`);
      if (kind === 'contradiction')
        throw new Rejected(
          `${signalId}: version ${version} is known with another content; an update needs a higher one`,
        );
      if (kind === 'duplicate') return next;
      return (await signals.commit(next, known?.rev ?? 0)) === 'committed' ? next : undefined;
    });
    if (record.state !== 'ended') await start(ports, record, 'respond');
    return record;
  };

const concerned = ({ signal }: SignalRecord, restoration: Restoration): boolean => {
  switch (restoration.kind) {
    case 'signals':
      return restoration.signalIds.includes(signal.signalId);
    case 'zone':
      return signal.kind !== 'site-curtailment' && signal.zoneId === restoration.zoneId;
    case 'site':
      return signal.kind === 'site-curtailment' && signal.siteId === restoration.siteId;
  }
};

/**
 * Ends signals before their time: limits are lifted at once. Returns the records as they stand; one that has ended already
 * stays as it is. Throws Rejected for an id that is not known.
 */
export const restoreSignals =
  (ports: SubmitPorts) =>
  async (restoration: Restoration): Promise<readonly SignalRecord[]> => {
    const { signals, system } = ports;
    const named = restoration.kind === 'signals' ? restoration.signalIds : undefined;
    const ids =
      named ?? (await signals.open()).filter((one) => concerned(one, restoration)).map(({ signal }) => signal.signalId);
    const { by, why = 'RESTORE', receivedAt } = restoration;
    const restoredOnes: SignalRecord[] = [];
    for (const signalId of ids) {
      const record = await optimistically(system, async () => {
        const known = await signals.load(signalId);
        if (known === undefined) throw new Rejected(`There is no signal ${signalId}`);
        const next = restored(known, by, why, receivedAt);
        return next === known || (await signals.commit(next, known.rev)) === 'committed' ? next : undefined;
      });
      if (record.state === 'restoring') await start(ports, record, 'restore');
      restoredOnes.push(record);
    }
    return restoredOnes;
  };
