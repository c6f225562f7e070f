import type { StatusMark } from '../availability/status-intervals.ts';
import type { Connector } from '../connector/connector.ts';
import { connectorPath } from '../kernel/connector-key.ts';
import { MINUTE_MS } from '../kernel/durations.ts';
import type { EndedSession } from '../kernel/ended-session.ts';
import type { ReadingBackfilled, StateChange } from '../kernel/state-change.ts';
import { minuteRow } from '../windows/series/connector-1m.ts';
import { toldSeries } from '../windows/series/index.ts';
import type { Window } from '../windows/window.ts';
import { entriesOf } from './entries-of.ts';
import type { TimelineEntry } from './timeline-entry.ts';

/** A status mark with its place in the order of marks: by time, then by the write that brought it. */
export type OrderedMark = StatusMark & { readonly connector: string; readonly rev: number; readonly ordinal: number };

/** What one write of a connector's item adds to history. */
export type ConnectorHistory = {
  readonly connector: Connector;
  readonly windows: readonly Window[];
  readonly backfills: readonly ReadingBackfilled[];
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
    backfills: outbox.filter((change) => change.type === 'ReadingBackfilled'),
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
