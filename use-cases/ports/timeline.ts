import type { StatusMark } from '../../domain/availability/status-intervals.ts';
import type { OrderedMark } from '../../domain/history/connector-history.ts';
import type { TimelineEntry } from '../../domain/history/timeline-entry.ts';
import type { Page } from './page.ts';

/** Table timeline: lines for people under their subject, and status marks for computing under 'status#connector'. */
export type Timeline = {
  /** Writes entries and marks; the same ones again change nothing. */
  readonly put: (entries: readonly TimelineEntry[], marks: readonly OrderedMark[]) => Promise<void>;
  /** Entries of a subject within [fromAt, toAt). Throws Rejected for a page token that is none. */
  readonly list: (
    subject: string,
    range: { readonly fromAt: number; readonly toAt: number },
    page: { readonly limit: number; readonly nextToken?: string; readonly newestFirst?: boolean },
  ) => Promise<Page<TimelineEntry>>;
  /** Marks that tell the statuses of a connector within [fromAt, toAt): those inside and the ones before that still hold. */
  readonly marks: (connector: string, fromAt: number, toAt: number) => Promise<readonly StatusMark[]>;
  /** When the status that holds at an instant was followed by another; undefined: it still holds. */
  readonly nextMarkAt: (connector: string, at: number) => Promise<number | undefined>;
};
