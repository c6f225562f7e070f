import type { StatusMark } from '../availability/status-intervals.ts';
import type { Connector } from '../connector/connector.ts';
import { connectorPath } from '../kernel/connector-key.ts';
import { MINUTE_MS } from '../kernel/durations.ts';
import type { EndedSession } from '../kernel/ended-session.ts';
import type { Minute } from '../kernel/minute.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { StateChange } from '../kernel/state-change.ts';
import { rowMinute } from '../windows/minute-row-start.ts';
import { minuteOfRow, minuteRow } from '../windows/series/connector-1m.ts';
import { toldSeries } from '../windows/series/index.ts';
import { toldMinutes, withEnergyOf } from '../windows/told-minutes.ts';
import { sameContent, type Window } from '../windows/window.ts';
import { entriesOf } from './entries-of.ts';
import type { TimelineEntry } from './timeline-entry.ts';

/** A status mark with its place in the order of marks: by time, then by the write that brought it. */
export type OrderedMark = StatusMark & { readonly connector: string; readonly rev: number; readonly ordinal: number };

/** What one write of a connector's item adds to history. */
export type ConnectorHistory = {
  readonly connector: Connector;
  readonly windows: readonly Window[];
  /** Minutes whose energy is told anew; their rows are read and written again. */
  readonly corrected: readonly Minute[];
  readonly sessions: readonly EndedSession[];
  readonly amended: readonly string[];
  readonly entries: readonly TimelineEntry[];
  readonly marks: readonly OrderedMark[];
};

const markIn = (change: StateChange): StatusMark[] => {
  if (change.type === 'ConnectorStatusChanged') return [{ at: change.at, status: change.to }];
  if (change.type === 'ConnectorStatusBackfilled') return [{ at: change.at, status: change.status, backfilled: true }];
  return [];
};

/** Reads a connector's outbox as history. Pure, and the same for the same item: replaying it changes nothing. */
export const connectorHistory = (connector: Connector): ConnectorHistory => {
  const { outbox, rev, stationId } = connector;
  const sessions = new Map<string, EndedSession>();
  const amended = new Set<string>();
  for (const change of outbox)
    if (change.type === 'SessionEnded' || change.type === 'SessionAmended') {
      sessions.set(change.session.sessionId, { ...change.session, rev });
      if (change.type === 'SessionAmended') amended.add(change.session.sessionId);
    }
  return {
    connector,
    windows: toldSeries.flatMap(({ source }) => source.ofConnector?.(connector) ?? []),
    corrected: toldMinutes(outbox).corrected,
    sessions: [...sessions.values()],
    amended: [...amended],
    entries: entriesOf(stationId, outbox),
    marks: outbox.flatMap((change, ordinal) =>
      markIn(change).map((mark) => ({ ...mark, connector: connectorPath(connector), rev, ordinal })),
    ),
  };
};

/** Rows of minutes an amended session no longer reaches: they delivered nothing after all. */
export const withdrawnMinutes = (connector: Connector, session: EndedSession, previousEnd: number): Window[] => {
  const windows: Window[] = [];
  const first = Math.floor(session.endedAt / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  for (let startAt = first; startAt <= previousEnd; startAt += MINUTE_MS)
    windows.push(minuteRow(connector, { startAt, energyWh: 0, samples: 0, sessionId: session.sessionId }));
  return windows;
};

/**
 * Rows of minutes whose energy is told anew, made of those that are stored: what else they hold stays, and one that says
 * the same already is left alone. A row of the session in the same minute that starts elsewhere, from when the session was
 * known to start there, is emptied.
 */
export const correctedRows = (
  connector: Connector,
  minutes: readonly Minute[],
  stored: readonly Window[],
): readonly Window[] => {
  const known = new Map<string, Window[]>();
  const nameOf = (startAt: number, sessionId = ''): string => `${sessionId}@${rowMinute(startAt)}`;
  for (const row of stored) {
    const name = nameOf(row.startAt, row.labels.sessionId);
    known.set(name, [...(known.get(name) ?? []), row]);
  }
  return minutes.flatMap((minute) => {
    const rows = known.get(nameOf(minute.startAt, minute.sessionId)) ?? [];
    const { startAt } = minuteRow(connector, minute);
    const own = rows.find((row) => row.startAt === startAt) ?? rows[0];
    const corrected = minuteRow(connector, own ? withEnergyOf(minuteOfRow(own), minute) : minute);
    const emptied = rows
      .filter((row) => row.startAt !== startAt && row.measures.energyWh !== 0)
      .map((row) => ({
        ...minuteRow(connector, {
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
