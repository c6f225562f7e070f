import pMap from 'p-map';
import type { Connector } from '../../domain/connector/connector.ts';
import { type ConnectorHistory, connectorHistory } from '../../domain/history/connector-history.ts';
import { stationHistory } from '../../domain/history/station-history.ts';
import { connectorPath } from '../../domain/kernel/connector-key.ts';
import { DAY_MS } from '../../domain/kernel/durations.ts';
import type { EndedSession } from '../../domain/kernel/ended-session.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import type { Place } from '../../domain/registry/place.ts';
import type { TariffBook } from '../../domain/tariff/assigned-tariff.ts';
import { type SessionRecord, sessionRecord, toldFrom } from '../../domain/tariff/session-record.ts';
import { type DirtyMark, type LateChange, marksLeftBy } from '../../domain/windows/dirty-mark.ts';
import { minuteStretches } from '../../domain/windows/minute-row-start.ts';
import type { StationWritten } from '../../domain/windows/series.ts';
import type { DirtyMarks } from '../ports/dirty-marks.ts';
import type { SampledWarning } from '../ports/sampled-warning.ts';
import type { SessionSpan, SessionStore } from '../ports/session-store.ts';
import type { Timeline } from '../ports/timeline.ts';
import type { WindowStore } from '../ports/window-store.ts';
import { recordRows } from './record-rows.ts';
import { withoutRepeats } from './without-repeats.ts';

export type RecordHistoryPorts = {
  readonly windows: WindowStore;
  readonly sessions: Pick<SessionStore, 'put' | 'withdraw' | 'find' | 'all'>;
  readonly timeline: Pick<Timeline, 'put' | 'nextMarkAt'>;
  readonly dirty: Pick<DirtyMarks, 'mark'>;
  readonly tariffs: () => Promise<TariffBook>;
  readonly warn: SampledWarning;
  /** ms since the epoch. */
  readonly now: () => number;
};

/** What a batch of changes brings: items as their tables' streams gave them, in order. */
export type Written = { readonly connector: Connector } | { readonly station: StationWritten };

const stationOf = (written: Written): string =>
  'connector' in written ? written.connector.stationId : written.station.state.stationId;

/** Stations whose sessions are looked up at the same time. */
const STATIONS_AT_ONCE = 16;

/**
 * Until its end became known, what a session drew last was carried forward: the minutes since then are to be computed again.
 * A session told late, start and all, was open here only while it was being told, whatever its stamps say.
 */
const carriedFrom = ({ endedAt, flags }: EndedSession, now: number): number =>
  flags.includes('lateArrival') ? Math.max(endedAt, now - DAY_MS) : endedAt;

/**
 * Turns written items into history. Everything is an upsert whose name and version come from the item, so a batch may be
 * delivered again, whole or in parts. What roll-ups read comes first and the marks of those to recompute after it: a roll-up
 * that runs in between is repeated, never missed.
 */
export const recordHistory = (ports: RecordHistoryPorts) => {
  const { sessions, timeline, dirty, tariffs, warn, now } = ports;

  const putRows = recordRows(ports);

  /** Items without what they tell again: those of a station in the order of their writes, stations side by side. */
  const toldOnce = async (written: readonly Written[]): Promise<readonly Written[]> => {
    const ofStations = await pMap(
      Map.groupBy(written, stationOf).values(),
      async (ofStation) => {
        const once = withoutRepeats(sessions);
        const told: Written[] = [];
        for (const item of ofStation)
          told.push(
            'connector' in item
              ? { connector: await once(item.connector) }
              : { station: { ...item.station, state: await once(item.station.state) } },
          );
        return told;
      },
      { concurrency: STATIONS_AT_ONCE },
    );
    return ofStations.flat();
  };

  /** A tariff nobody can read must not cost the record of the session: it is kept without a price, and said so. */
  const priced = (session: EndedSession, place: Place, book: TariffBook): SessionRecord => {
    try {
      return sessionRecord(session, place, book);
    } catch (error) {
      warn('sessionNotPriced', { sessionId: session.sessionId, error: String(error) });
      return sessionRecord(session, place, { tariffs: [], assignments: [] });
    }
  };

  const putSessions = async (ended: readonly EndedSession[], place: Place): Promise<void> => {
    if (ended.length === 0) return;
    const book = await tariffs();
    for (const session of ended) {
      try {
        await sessions.put(priced(session, place, book));
      } catch (error) {
        // Only the site's time zone is left to be wrong, and it will be wrong the next time too.
        if (error instanceof RangeError)
          throw new Rejected(`Session ${session.sessionId}: ${error.message}`, { cause: error });
        throw error;
      }
    }
  };

  /** Takes out what turned out to be no session; returns from when to when such a session was on record. */
  const withdraw = async ({ connector: { rev }, withdrawn }: ConnectorHistory): Promise<readonly SessionSpan[]> => {
    const spans = await Promise.all(withdrawn.map((sessionId) => sessions.withdraw(sessionId, rev)));
    return spans.filter((span) => span !== undefined);
  };

  const leftBy = ({ connector }: ConnectorHistory, at: number) => {
    const located = { ...connector, path: connectorPath(connector) };
    return (change: LateChange): DirtyMark[] => marksLeftBy(located, change, at);
  };

  const dirtiedByMinutes = (history: ConnectorHistory, minutes: ReadonlySet<number>): DirtyMark[] => {
    const left = leftBy(history, now());
    return minuteStretches([...minutes]).flatMap((span) => left({ input: 'minutes', ...span }));
  };

  const dirtied = async (history: ConnectorHistory, withdrawn: readonly SessionSpan[]): Promise<DirtyMark[]> => {
    const { sessions: ended, timesBefore, marks } = history;
    const at = now();
    const left = leftBy(history, at);
    const ofStatus: DirtyMark[] = [];
    for (const mark of marks) {
      const change = { input: 'statuses', fromAt: mark.at, toAt: at } as const;
      if (left(change).length === 0) continue;
      ofStatus.push(...left({ ...change, toAt: (await timeline.nextMarkAt(mark.connector, mark.at)) ?? at }));
    }
    return [
      ...ended.flatMap((session) => left({ input: 'minutes', fromAt: carriedFrom(session, at), toAt: at })),
      // The instant of the stop belongs to the hour it begins.
      ...[...ended, ...timesBefore, ...withdrawn].flatMap((session) =>
        [...new Set([session.startedAt, toldFrom(session)])].flatMap((fromAt) =>
          left({ input: 'sessions', fromAt, toAt: session.endedAt + 1 }),
        ),
      ),
      ...ofStatus,
    ];
  };

  return async (written: readonly Written[]): Promise<void> => {
    const once = await toldOnce(written);
    const histories = once.flatMap((item) => ('connector' in item ? [connectorHistory(item.connector)] : []));
    const stations = once.flatMap((item) => ('station' in item ? [stationHistory(item.station)] : []));
    const minutes = await putRows(histories, stations);
    // Before the sessions: once a shortened one is on record, nothing tells which minutes it gave back.
    await dirty.mark([...minutes].flatMap(([history, ofHistory]) => dirtiedByMinutes(history, ofHistory)));
    await Promise.all([
      ...histories.map(({ sessions: ended, connector }) => putSessions(ended, connector.place)),
      ...stations.map(({ sessions: ended, place }) => putSessions(ended, place)),
    ]);
    const withdrawn = new Map<ConnectorHistory, readonly SessionSpan[]>();
    for (const history of histories) withdrawn.set(history, await withdraw(history));
    await timeline.put(
      [...histories, ...stations].flatMap(({ entries }) => entries),
      histories.flatMap(({ marks }) => marks),
    );
    const marks = await Promise.all(histories.map((history) => dirtied(history, withdrawn.get(history) ?? [])));
    await dirty.mark(marks.flat());
  };
};
