import type { EventReport } from '../../../domain/demand-response/event-report.ts';
import type { SignalCheck, SignalRecord } from '../../../domain/demand-response/signal-record.ts';
import type { Page } from '../page.ts';

/** Signals and how they stand (table grid). */
export type SignalStore = {
  /** As it is now (a consistent read). */
  readonly load: (signalId: string) => Promise<SignalRecord | undefined>;
  /** Writes a record if the one that was read is still there ('conflict' otherwise). `readRev` 0: there was none. */
  readonly commit: (record: SignalRecord, readRev: number) => Promise<'committed' | 'conflict'>;
  /** Keeps what meters said at one check; the same instant again replaces it. */
  readonly addCheck: (signalId: string, check: SignalCheck) => Promise<void>;
  /** All checks of a signal, oldest first. */
  readonly checks: (signalId: string) => Promise<readonly SignalCheck[]>;
  readonly saveReport: (report: EventReport) => Promise<void>;
  /** The report of a signal's latest version that is over. */
  readonly report: (signalId: string) => Promise<EventReport | undefined>;
  /** Signals that have not ended, by their start. Eventually consistent. */
  readonly open: () => Promise<readonly SignalRecord[]>;
  /** Signals by their start, newest first. Throws Rejected for a page token that is none. */
  readonly list: (page: { readonly limit: number; readonly nextToken?: string }) => Promise<Page<SignalRecord>>;
};
