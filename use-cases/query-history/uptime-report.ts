import pMap from 'p-map';
import { localDay } from '../../domain/calendar/local-time.ts';
import { connectorSortKey } from '../../domain/kernel/connector-key.ts';
import { MINUTE_MS } from '../../domain/kernel/durations.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import { type NeviReport, neviReport } from '../../domain/uptime/nevi-report.ts';
import { type PeriodState, periodState, reportPeriod, type UptimeRule } from '../../domain/uptime/report-period.ts';
import { type UkReport, ukReport } from '../../domain/uptime/uk-report.ts';
import type { UptimeAccount, UptimeRow } from '../../domain/uptime/uptime-row.ts';
import { uptime1d } from '../../domain/windows/series/uptime-1d.ts';
import type { Window } from '../../domain/windows/window.ts';
import type { WindowStore } from '../ports/window-store.ts';

const rowOf = ({ measures }: Window): UptimeRow => {
  const { minutes = 0, closedMin = 0, upMin = 0, downMin = 0, unknownMin = 0 } = measures;
  const { excludedDownMin = 0, excludedUnknownMin = 0 } = measures;
  return { minutes, closedMin, upMin, downMin, unknownMin, excludedDownMin, excludedUnknownMin };
};

type Port = {
  readonly key: string;
  readonly ratedW: number;
  /** The keys of its connectors, where they are several. */
  readonly connectors: readonly string[];
};

/**
 * The ports of a station: what serves one vehicle at a time, which is an EVSE. One with a single connector is accounted under
 * that connector's key.
 */
const portsOf = ({ stationId, connectors }: Registration): Port[] =>
  [...Map.groupBy(connectors, ({ evseId }) => evseId)].map(([evseId, ofPort]) => {
    const keys = ofPort.map((connector) => `${stationId}#${connectorSortKey(connector)}`);
    const [only] = keys;
    const ratedW = Math.max(...ofPort.map((connector) => connector.ratedW));
    return only !== undefined && keys.length === 1
      ? { key: only, ratedW, connectors: [] }
      : { key: `${stationId}#${evseId}`, ratedW, connectors: keys };
  });

/**
 * The days of a port, in order: its own, and of days on which it is not on record as a port those of the one connector that
 * is. It was registered with that one alone then.
 */
const daysOf = (own: readonly Window[], ofConnectors: readonly Window[]): readonly Window[] => {
  const known = new Set(own.map(({ startAt }) => startAt));
  const alone = [...Map.groupBy(ofConnectors, ({ startAt }) => startAt)].flatMap(([startAt, rows]) =>
    known.has(startAt) || rows.length > 1 ? [] : rows,
  );
  return [...alone, ...own].toSorted((a, b) => a.startAt - b.startAt);
};

/**
 * The accounts of all registered ports of a station over the period of a report, as far as it is over. Reads days, never raw
 * history. A station that does not say when it was commissioned counts from its first day on record.
 */
const accountsOf = async (
  windows: Pick<WindowStore, 'read'>,
  registration: Registration,
  { rule, month, now }: UptimeQuestion,
): Promise<UptimeAccount[]> => {
  const { stationId, siteId, timeZone, commissionedAt } = registration;
  const { startAt, endAt } = reportPeriod(rule, month, timeZone);
  const untilAt =
    periodState(month, timeZone, now) === 'future' ? startAt : Math.min(endAt, localDay(timeZone, now).startAt);
  // Days before it was commissioned may be on record, from a time when it was registered otherwise.
  const firstDayAt = commissionedAt === undefined ? startAt : localDay(timeZone, commissionedAt).startAt;
  const readFrom = Math.min(Math.max(startAt, firstDayAt), untilAt);
  const ports = portsOf(registration);
  const keys = ports.flatMap(({ key, connectors }) => [key, ...connectors]);
  const rows = Map.groupBy(await windows.read(uptime1d.name, keys, readFrom, untilAt), ({ key }) => key);
  return ports.map(({ key, ratedW, connectors }) => {
    const ofConnectors = connectors.flatMap((connector) => rows.get(connector) ?? []);
    const own = daysOf(rows.get(key) ?? [], ofConnectors);
    const fromAt = Math.max(startAt, commissionedAt ?? own[0]?.startAt ?? untilAt);
    const dueMin = Math.max(0, untilAt - fromAt) / MINUTE_MS;
    return { connector: key, stationId, siteId, ratedW, dueMin, rows: own.map(rowOf) };
  });
};

/** Which report, and when it is asked for (ms since the epoch). */
export type UptimeQuestion = { readonly rule: UptimeRule; readonly month: string; readonly now: number };

/** Stations whose days are read at the same time. */
const STATIONS_AT_ONCE = 16;

const states = ['future', 'unfinished', 'complete'] as const satisfies readonly PeriodState[];

/** The report of a rule over some stations. Its period is complete when it is so by the clocks of all of them. */
export const uptimeReport = async (
  windows: Pick<WindowStore, 'read'>,
  registrations: readonly Registration[],
  question: UptimeQuestion,
): Promise<NeviReport | UkReport> => {
  const ofStations = await pMap(registrations, (registration) => accountsOf(windows, registration, question), {
    concurrency: STATIONS_AT_ONCE,
  });
  const accounts = ofStations.flat();
  const found = new Set(registrations.map(({ timeZone }) => periodState(question.month, timeZone, question.now)));
  const period = states.find((state) => found.has(state)) ?? periodState(question.month, 'UTC', question.now);
  return question.rule === 'nevi' ? neviReport(accounts, period) : ukReport(accounts, period);
};
