import type { StatusMark } from '../availability/status-intervals.ts';
import type { CalendarSpan } from '../calendar/local-time.ts';
import type { Connector } from '../connector/connector.ts';
import { connectorPath } from '../kernel/connector-key.ts';
import { LONGEST_SESSION_MS, MINUTE_MS } from '../kernel/durations.ts';
import type { EndedSession, TimesOnRecord } from '../kernel/ended-session.ts';
import type { Minute } from '../kernel/minute.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { StateChange } from '../kernel/state-change.ts';
import { overlappingRowStart, rowMinute } from '../windows/minute-row-start.ts';
import { minuteOfRow, minuteRowsOf } from '../windows/series/connector-1m.ts';
import { toldSeries } from '../windows/series/index.ts';
import { minuteChangesBySession, toldMinutes, withEnergyOf } from '../windows/told-minutes.ts';
import { sameContent, type Window } from '../windows/window.ts';
import { entriesOf } from './entries-of.ts';
import type { TimelineEntry } from './timeline-entry.ts';

/** A status mark with its place in the order of marks: by time, then by the write that brought it. */
export type OrderedMark = StatusMark & { readonly connector: string; readonly rev: number; readonly ordinal: number };

/** What one write of a connector's item adds to history. */
export type ConnectorHistory = {
  readonly connector: Connector;
  /** Made as they are asked for: there may be many. */
  readonly rows: () => Iterable<Window>;
  /** Minutes whose energy is told anew, session by session; their rows are read and written again. */
  readonly corrected: () => Iterable<readonly Minute[]>;
  readonly sessions: readonly EndedSession[];
  readonly amended: readonly string[];
  /** The times that amended sessions were on record with. */
  readonly timesBefore: readonly TimesOnRecord[];
  /** Sessions that were told and turned out to be none. */
  readonly withdrawn: readonly string[];
  readonly entries: readonly TimelineEntry[];
  readonly marks: readonly OrderedMark[];
};

const markIn = (change: StateChange): StatusMark[] => {
  if (change.type === 'ConnectorStatusChanged') return [{ at: change.at, status: change.to }];
  if (change.type === 'ConnectorStatusBackfilled') return [{ at: change.at, status: change.status, backfilled: true }];
  return [];
};

function* rowsToldBy(connector: Connector): Iterable<Window> {
  for (const { source } of toldSeries) yield* source.ofConnector?.(connector) ?? [];
}

function* correctedIn(outbox: readonly StateChange[]): Iterable<readonly Minute[]> {
  for (const changes of minuteChangesBySession(outbox)) yield toldMinutes(changes).corrected;
}

/** Reads a connector's outbox as history. Pure, and the same for the same item: replaying it changes nothing. */
export const connectorHistory = (connector: Connector): ConnectorHistory => {
  const { outbox, rev, stationId } = connector;
  const sessions = new Map<string, EndedSession>();
  const amended = new Set<string>();
  const withdrawn = new Set<string>();
  for (const change of outbox)
    if (change.type === 'AuthorizationRefused' && change.withdrawnSessionId !== undefined) {
      withdrawn.add(change.withdrawnSessionId);
      sessions.delete(change.withdrawnSessionId);
    } else if (change.type === 'SessionEnded' || change.type === 'SessionAmended') {
      sessions.set(change.session.sessionId, { ...change.session, rev });
      withdrawn.delete(change.session.sessionId);
      if (change.type === 'SessionAmended') amended.add(change.session.sessionId);
    }
  return {
    connector,
    rows: () => rowsToldBy(connector),
    corrected: () => correctedIn(outbox),
    sessions: [...sessions.values()],
    amended: [...amended],
    timesBefore: outbox.flatMap((change) => (change.type === 'SessionAmended' ? (change.before ?? []) : [])),
    withdrawn: [...withdrawn],
    entries: entriesOf(stationId, outbox),
    marks: outbox.flatMap((change, ordinal) =>
      markIn(change).map((mark) => ({ ...mark, connector: connectorPath(connector), rev, ordinal })),
    ),
  };
};

/** The minutes that an amended session no longer reaches: [fromAt, toAt). */
export const withdrawnMinutes = (
  { endedAt }: EndedSession,
  previousEnd: number,
): Pick<CalendarSpan, 'startAt' | 'endAt'> => ({
  startAt: rowMinute(endedAt) + MINUTE_MS,
  endAt: rowMinute(Math.min(previousEnd, endedAt + LONGEST_SESSION_MS)) + MINUTE_MS,
});

/** Stored rows of minutes an amended session no longer reaches: they delivered nothing after all. */
export const withdrawnRows = (
  connector: Connector,
  { sessionId }: EndedSession,
  stored: readonly Window[],
): readonly Window[] => {
  const rowOf = minuteRowsOf(connector);
  return stored
    .filter(({ labels }) => labels.sessionId === sessionId)
    .map(({ startAt }) => ({ ...rowOf({ startAt: rowMinute(startAt), energyWh: 0, samples: 0, sessionId }), startAt }));
};

/**
 * Rows of minutes whose energy is told anew, made of those that are stored: what else they hold stays, and one that says
 * the same already is left alone. A row of the session in the same minute that starts elsewhere, from when the session was
 * known to start there, is emptied. By a clock that was wrong for a while two sessions may overlap: the minute of the other one
 * keeps its row.
 */
export const correctedRows = (
  connector: Connector,
  minutes: readonly Minute[],
  stored: readonly Window[],
): readonly Window[] => {
  const rowOf = minuteRowsOf(connector);
  const known = new Map<string, Window[]>();
  const nameOf = (startAt: number, sessionId = ''): string => `${sessionId}@${rowMinute(startAt)}`;
  for (const row of stored) {
    const name = nameOf(row.startAt, row.labels.sessionId);
    known.set(name, [...(known.get(name) ?? []), row]);
  }
  const ownerAt = new Map(stored.map((row) => [row.startAt, row.labels.sessionId]));
  return minutes.flatMap((minute) => {
    const rows = known.get(nameOf(minute.startAt, minute.sessionId)) ?? [];
    const place = rowOf(minute).startAt;
    const isTaken = ownerAt.has(place) && ownerAt.get(place) !== minute.sessionId;
    const startAt = isTaken ? overlappingRowStart(minute) : place;
    const own = rows.find((row) => row.startAt === startAt) ?? rows[0];
    if (isTaken && own === undefined && minute.energyWh === 0) return [];
    const corrected = { ...rowOf(own ? withEnergyOf(minuteOfRow(own), minute) : minute), startAt };
    const emptied = rows
      .filter((row) => row.startAt !== startAt && row.measures.energyWh !== 0)
      .map((row) => ({
        ...rowOf({
          startAt: minute.startAt,
          energyWh: 0,
          samples: 0,
          ...omitUndefined({ sessionId: minute.sessionId }),
        }),
        startAt: row.startAt,
      }));
    const isSame = own !== undefined && own.startAt === startAt && sameContent(own, corrected);
    return [...(isSame ? [] : [corrected]), ...emptied];
  });
};
