import { type SessionRecord, type SoldSession, toldFrom } from '../../domain/tariff/session-record.ts';

/**
 * Which sessions: by one of the table's indexes, or all of the network; within [fromAt, toAt) of their start, or of the
 * instant from which one is told that is longer than is told (`toldFrom`).
 */
export type SessionSelection = { readonly fromAt: number; readonly toAt: number } & (
  | { readonly by: 'station' | 'site' | 'tag'; readonly value: string }
  | { readonly by: 'network' }
);

/** Where a session stands in a list: enough to go on behind it. `startedAt` is the instant it is listed at. */
export type SessionPosition = Pick<SessionRecord, 'sessionId' | 'startedAt'>;

/** Where an ended session is listed. */
export const positionOf = (record: SessionRecord): SessionPosition => ({
  sessionId: record.sessionId,
  startedAt: toldFrom(record),
});

export type SessionSpan = Pick<SessionRecord, 'startedAt' | 'endedAt'>;

/** Ended sessions of a station or a site that may have lasted into [fromAt, toAt), ms since the epoch. */
export type SoldSelection = {
  readonly by: 'station' | 'site';
  readonly value: string;
  readonly fromAt: number;
  readonly toAt: number;
};

/** Ended sessions: written once, amended or withdrawn by a higher rev. */
export type SessionStore = {
  /** Says whether the record was written; one with an equal or higher rev that is already there stays. */
  readonly put: (record: SessionRecord) => Promise<boolean>;
  /**
   * Takes a session out that turned out to be none, for good unless a higher rev tells of it again. Returns from when to when
   * it was on record, also where it is withdrawn already; undefined where it never was, or a higher rev tells of it.
   */
  readonly withdraw: (sessionId: string, rev: number) => Promise<SessionSpan | undefined>;
  readonly find: (sessionId: string) => Promise<SessionRecord | undefined>;
  /** At most `limit` by the time they are listed at, those behind `after`; `more` where the selection may hold others behind them. */
  readonly list: (
    selection: SessionSelection,
    page: { readonly limit: number; readonly after?: SessionPosition; readonly newestFirst?: boolean },
  ) => Promise<{ readonly items: readonly SessionRecord[]; readonly more: boolean }>;
  /** What was sold in some time, in the order in which the sessions are listed, whatever their number. */
  readonly sold: (selection: SoldSelection) => Promise<readonly SoldSession[]>;
  /** All of a selection, whatever their number. */
  readonly all: (selection: SessionSelection) => Promise<readonly SessionRecord[]>;
};
