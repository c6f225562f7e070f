import type { SessionRecord } from '../../domain/tariff/session-record.ts';

/** Which sessions: by one of the table's indexes, or all of the network; within [fromAt, toAt) of their start. */
export type SessionSelection = { readonly fromAt: number; readonly toAt: number } & (
  | { readonly by: 'station' | 'site' | 'tag'; readonly value: string }
  | { readonly by: 'network' }
);

/** Where a session stands in a list: enough to go on behind it. */
export type SessionPosition = Pick<SessionRecord, 'sessionId' | 'startedAt'>;

/** Ended sessions: written once, amended by a higher rev. */
export type SessionStore = {
  /** Says whether the record was written; one with an equal or higher rev that is already there stays. */
  readonly put: (record: SessionRecord) => Promise<boolean>;
  readonly find: (sessionId: string) => Promise<SessionRecord | undefined>;
  /** At most `limit` by time of start, those behind `after`; `more` where the selection may hold others behind them. */
  readonly list: (
    selection: SessionSelection,
    page: { readonly limit: number; readonly after?: SessionPosition; readonly newestFirst?: boolean },
  ) => Promise<{ readonly items: readonly SessionRecord[]; readonly more: boolean }>;
  /** All of a selection, whatever their number. */
  readonly all: (selection: SessionSelection) => Promise<readonly SessionRecord[]>;
};
