import type { SessionRecord } from '../../domain/tariff/session-record.ts';
import type { Page } from './page.ts';

/** Which sessions: by one of the table's indexes, within [fromAt, toAt) of their start. */
export type SessionSelection = {
  readonly by: 'station' | 'site' | 'tag';
  readonly value: string;
  readonly fromAt: number;
  readonly toAt: number;
};

/** Ended sessions: written once, amended by a higher rev. */
export type SessionStore = {
  /** Says whether the record was written; one with an equal or higher rev that is already there stays. */
  readonly put: (record: SessionRecord) => Promise<boolean>;
  readonly find: (sessionId: string) => Promise<SessionRecord | undefined>;
  /** By time of start. Throws Rejected for a page token that is none. */
  readonly list: (
    selection: SessionSelection,
    page: { readonly limit: number; readonly nextToken?: string; readonly newestFirst?: boolean },
  ) => Promise<Page<SessionRecord>>;
  /** All of a selection, whatever their number. */
  readonly all: (selection: SessionSelection) => Promise<readonly SessionRecord[]>;
};
