import pMap from 'p-map';
import {
  type ConnectorHistory,
  correctedRows,
  withdrawnMinutes,
  withdrawnRows,
} from '../../domain/history/connector-history.ts';
import type { StationHistory } from '../../domain/history/station-history.ts';
import { connectorPath } from '../../domain/kernel/connector-key.ts';
import { DAY_MS, MINUTE_MS } from '../../domain/kernel/durations.ts';
import type { EndedSession } from '../../domain/kernel/ended-session.ts';
import type { Minute } from '../../domain/kernel/minute.ts';
import { rowMinute } from '../../domain/windows/minute-row-start.ts';
import { connector1m } from '../../domain/windows/series/connector-1m.ts';
import type { Window } from '../../domain/windows/window.ts';
import type { SampledWarning } from '../ports/sampled-warning.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { WindowStore } from '../ports/window-store.ts';

export type RecordRowsPorts = {
  readonly windows: WindowStore;
  readonly sessions: Pick<SessionStore, 'find'>;
  readonly warn: SampledWarning;
};

/** Rows held in memory at a time: one message may tell of a week of minutes. */
const ROWS_AT_ONCE = 2_000;

/** Connectors whose sessions are looked up at the same time. */
const READS_AT_ONCE = 16;

/** Cuts what is still being made into pieces of at most `size`. */
function* pieces<Item>(items: Iterable<Item>, size: number): Iterable<readonly Item[]> {
  let piece: Item[] = [];
  for (const item of items) {
    piece.push(item);
    if (piece.length < size) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}

/** Minutes in order of time, at most a day of them at a time. */
function* byDay(minutes: readonly Minute[]): Iterable<readonly Minute[]> {
  const inOrder = minutes.toSorted((a, b) => a.startAt - b.startAt);
  for (let first = 0; first < inOrder.length; ) {
    const next = inOrder.findIndex(({ startAt }) => startAt >= (inOrder[first]?.startAt ?? 0) + DAY_MS);
    const day = inOrder.slice(first, next === -1 ? undefined : next);
    yield day;
    first += day.length;
  }
}

/**
 * Writes the rows of a batch in bounded memory: those told as they are, then those a shortened session gave back, and
 * minutes whose energy is told anew. Returns, for each connector's history, the minutes of its rows.
 */
export const recordRows = ({ windows, sessions, warn }: RecordRowsPorts) => {
  const put = async (rows: Iterable<Window>): Promise<void> => {
    for (const some of pieces(rows, ROWS_AT_ONCE)) {
      const { rejected } = await windows.put(some);
      for (const { window, reason } of rejected)
        warn('windowRejected', { series: window.series, key: window.key, startAt: window.startAt, reason });
    }
  };

  /** When amended sessions ended before, where that was later. */
  const endsBefore = async ({ sessions: ended, amended }: ConnectorHistory): Promise<ReadonlyMap<string, number>> => {
    const ends = new Map<string, number>();
    for (const { sessionId, endedAt, rev } of ended.filter((session) => amended.includes(session.sessionId))) {
      const previous = await sessions.find(sessionId);
      if (previous !== undefined && previous.endedAt > endedAt && previous.rev < rev)
        ends.set(sessionId, previous.endedAt);
    }
    return ends;
  };

  /**
   * What else the corrected rows hold stays; a row of the minute that starts elsewhere is emptied. A batch that failed
   * halfway comes again, and finds rows of this very write: they are left alone, but nobody has marked what they change.
   */
  const putCorrected = async (
    { connector }: ConnectorHistory,
    minutes: readonly Minute[],
    touched: Set<number>,
  ): Promise<void> => {
    for (const day of byDay(minutes)) {
      const [fromAt, lastAt] = [day[0]?.startAt ?? 0, day.at(-1)?.startAt ?? 0];
      const stored = await windows.read(connector1m.name, [connectorPath(connector)], fromAt, lastAt + MINUTE_MS);
      const rows = correctedRows(connector, day, stored);
      const written = stored.filter(({ version }) => version === connector.rev);
      for (const { startAt } of [...rows, ...written]) touched.add(rowMinute(startAt));
      await put(rows);
    }
  };

  /** Empties the rows of a session in minutes it no longer reaches; those of another session stay. */
  const putWithdrawn = async (
    { connector }: ConnectorHistory,
    session: EndedSession,
    previousEnd: number,
    touched: Set<number>,
  ): Promise<void> => {
    const { startAt, endAt } = withdrawnMinutes(session, previousEnd);
    for (let fromAt = startAt; fromAt < endAt; fromAt += DAY_MS) {
      const toAt = Math.min(endAt, fromAt + DAY_MS);
      const stored = await windows.read(connector1m.name, [connectorPath(connector)], fromAt, toAt);
      const rows = withdrawnRows(connector, session, stored);
      for (const row of rows) touched.add(rowMinute(row.startAt));
      await put(rows);
    }
  };

  return async (
    histories: readonly ConnectorHistory[],
    stations: readonly StationHistory[],
  ): Promise<ReadonlyMap<ConnectorHistory, ReadonlySet<number>>> => {
    const touched = new Map(histories.map((history) => [history, new Set<number>()] as const));
    const ends = new Map(
      await pMap(histories, async (history) => [history, await endsBefore(history)] as const, {
        concurrency: READS_AT_ONCE,
      }),
    );
    function* all(): Iterable<Window> {
      for (const [{ rows }, minutes] of touched)
        for (const row of rows()) {
          minutes.add(rowMinute(row.startAt));
          yield row;
        }
      for (const { rows } of stations) yield* rows;
    }
    await put(all());
    for (const [history, minutes] of touched) {
      for (const session of history.sessions) {
        const previousEnd = ends.get(history)?.get(session.sessionId);
        if (previousEnd !== undefined) await putWithdrawn(history, session, previousEnd, minutes);
      }
      for (const ofSession of history.corrected()) await putCorrected(history, ofSession, minutes);
    }
    return touched;
  };
};
