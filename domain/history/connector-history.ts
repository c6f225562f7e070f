import type { StatusMark } from '../availability/status-intervals.ts';
import type { Connector } from '../connector/connector.ts';
import { connectorPath } from '../kernel/connector-key.ts';
import type { EndedSession } from '../kernel/ended-session.ts';
import type { Minute } from '../kernel/minute.ts';
import type { ReadingBackfilled, StateChange } from '../kernel/state-change.ts';
import { connectorMinuteWindow } from '../windows/connector-1m.ts';
import { minuteRowStart, type SessionSpan } from '../windows/minute-row.ts';
import { spreadMinutes } from '../windows/spread-minutes.ts';
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

/** The sessions whose times a connector remembers: what tells which minute a session began in. */
export const sessionSpans = ({ session, past, recent, outbox }: Connector): SessionSpan[] => [
  ...outbox.flatMap((change) =>
    change.type === 'SessionEnded' || change.type === 'SessionAmended' ? [change.session] : [],
  ),
  ...recent,
  ...[session, past].flatMap((open) =>
    open === undefined ? [] : [{ sessionId: open.sessionId, startedAt: open.startedAt }],
  ),
];

/** The row of a minute of this connector, as its latest write knows it. */
export const minuteRow = (connector: Connector, minute: Minute): Window => ({
  ...connectorMinuteWindow(connector, connector.place, minute, connector.rev),
  startAt: minuteRowStart(minute, sessionSpans(connector)),
});

const minutesIn = (change: StateChange): readonly Minute[] => {
  if (change.type === 'MinuteClosed') return [change.minute];
  return change.type === 'MinutesSpread' ? spreadMinutes(change) : [];
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
    windows: outbox.flatMap(minutesIn).map((minute) => minuteRow(connector, minute)),
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
  const first = Math.floor(session.endedAt / 60_000) * 60_000 + 60_000;
  for (let startAt = first; startAt <= previousEnd; startAt += 60_000)
    windows.push(minuteRow(connector, { startAt, energyWh: 0, samples: 0, sessionId: session.sessionId }));
  return windows;
};
