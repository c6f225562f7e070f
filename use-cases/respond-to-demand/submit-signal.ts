import pMap from 'p-map';
import { optimistically } from '../../async/optimistically.ts';
import type { System } from '../../async/system.ts';
import { type GridSignal, type Restoration, scopeOf } from '../../domain/demand-response/grid-signal.ts';
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

/** Starts an execution; where one of the name was stopped before its work was done, another one takes it up. */
const start = async (
  { workflows, digest }: SubmitPorts,
  { signal, rev }: SignalRecord,
  purpose: ExecutionInput['purpose'],
): Promise<void> => {
  const { signalId, version } = signal;
  const input = { signalId, version, purpose };
  const name = executionName(input, digest);
  if ((await workflows.start(name, input)) === 'closed') await workflows.start(`${name}-${rev}`, input);
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
    const register = async (known: SignalRecord | undefined): Promise<SignalRecord | undefined> => {
      const { kind, record } = registerSignal(known, signal);
      const { signalId, version } = signal;
      switch (kind) {
        case 'outdated':
          throw new Rejected(`${signalId}: version ${record.signal.version} is known, and version ${version} is older`);
        case 'contradiction':
          throw new Rejected(
            `${signalId}: version ${version} is known with another content; an update needs a higher one`,
          );
        case 'moved':
          throw new Rejected(`${signalId} is about ${scopeOf(record.signal)}: end it, and ask under another id`);
        case 'duplicate':
          return record;
        case 'registered':
          return (await signals.commit(record, known?.rev ?? 0)) === 'committed' ? record : undefined;
      }
    };
    // Nearly every signal is new: the write finds out without a read before it.
    const record =
      (await register(undefined)) ??
      (await optimistically(system, async () => register(await signals.load(signal.signalId))));
    if (record.state === 'waiting' || record.state === 'active') await start(ports, record, 'respond');
    return record;
  };

/** Signals that are ended side by side: all of a zone are within the time a request may take. */
const SIGNALS_AT_ONCE = 8;

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
 * stays as it is. Throws Rejected for ids that are not known, once the others are ended.
 */
export const restoreSignals =
  (ports: SubmitPorts) =>
  async (restoration: Restoration): Promise<readonly SignalRecord[]> => {
    const { signals, system } = ports;
    const named = restoration.kind === 'signals' ? restoration.signalIds : undefined;
    const ids =
      named ?? (await signals.open()).filter((one) => concerned(one, restoration)).map(({ signal }) => signal.signalId);
    const { by, why = 'RESTORE', receivedAt } = restoration;
    const unknown: string[] = [];
    const restoreOne = async (signalId: string): Promise<readonly SignalRecord[]> => {
      const record = await optimistically<SignalRecord | 'unknown'>(system, async () => {
        const known = await signals.load(signalId);
        if (known === undefined) return 'unknown';
        const next = restored(known, by, why, receivedAt);
        return next === known || (await signals.commit(next, known.rev)) === 'committed' ? next : undefined;
      });
      if (record === 'unknown') {
        unknown.push(signalId);
        return [];
      }
      if (record.state === 'restoring') await start(ports, record, 'restore');
      return [record];
    };
    const restoredOnes = (await pMap(ids, restoreOne, { concurrency: SIGNALS_AT_ONCE })).flat();
    if (unknown.length > 0) throw new Rejected(`There is no signal ${unknown.join(', ')}`);
    return restoredOnes;
  };
