import type { EventReport } from '../../domain/demand-response/event-report.ts';
import type { SignalCheck, SignalRecord } from '../../domain/demand-response/signal-record.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import type { SignalStore } from '../../use-cases/ports/demand-response/signal-store.ts';

/** Signals in memory, with every record that was ever written. */
export const fakeSignalStore = (): SignalStore & { readonly writes: SignalRecord[] } => {
  const records = new Map<string, SignalRecord>();
  const checks = new Map<string, Map<number, SignalCheck>>();
  const reports = new Map<string, EventReport>();
  const writes: SignalRecord[] = [];
  const byStart = () =>
    [...records.values()]
      .toSorted((one, other) => one.signal.startAt - other.signal.startAt)
      .map((one) => structuredClone(one));
  return {
    writes,
    load: async (signalId) => structuredClone(records.get(signalId)),
    commit: async (record, readRev) => {
      if ((records.get(record.signal.signalId)?.rev ?? 0) !== readRev) return 'conflict';
      records.set(record.signal.signalId, structuredClone(record));
      writes.push(structuredClone(record));
      return 'committed';
    },
    addCheck: async (signalId, check) => {
      const own = checks.get(signalId) ?? new Map();
      checks.set(signalId, own.set(check.at, check));
    },
    checks: async (signalId) => [...(checks.get(signalId)?.values() ?? [])].toSorted((one, other) => one.at - other.at),
    saveReport: async (report) => void reports.set(report.signalId, structuredClone(report)),
    report: async (signalId) => structuredClone(reports.get(signalId)),
    open: async () => byStart().filter(({ state }) => state !== 'ended'),
    list: async ({ limit, nextToken }) => {
      const from = nextToken === undefined ? 0 : Number(nextToken);
      if (!Number.isInteger(from)) throw new Rejected('Invalid page token');
      const all = byStart().toReversed();
      const next = from + limit < all.length ? String(from + limit) : undefined;
      return { items: all.slice(from, from + limit), ...omitUndefined({ nextToken: next }) };
    },
  };
};
