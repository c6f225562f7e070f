import pMap from 'p-map';
import { type CalendarSpan, localDay } from '../../domain/calendar/local-time.ts';
import { connectorSortKey } from '../../domain/kernel/connector-key.ts';
import { MINUTE_MS } from '../../domain/kernel/durations.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { inServiceFrom } from '../../domain/registry/in-service-from.ts';
import type { RegisteredConnector, Registration, RemovedConnector } from '../../domain/registry/registration.ts';
import { type NeviReport, neviReport } from '../../domain/uptime/nevi-report.ts';
import { type PeriodState, periodState, reportPeriod, type UptimeRule } from '../../domain/uptime/report-period.ts';
import { type UkReport, ukReport } from '../../domain/uptime/uk-report.ts';
import type { UptimeAccount, UptimeRow } from '../../domain/uptime/uptime-row.ts';
import { uptime1d } from '../../domain/windows/series/uptime-1d.ts';
import type { Window } from '../../domain/windows/window.ts';
import type { WindowStore } from '../ports/window-store.ts';

/** Which report, and when it is asked for (ms since the epoch). */
export type UptimeQuestion = { readonly rule: UptimeRule; readonly month: string; readonly now: number };

/** A registration that a report covers, up to an instant (ms since the epoch) where it has ended. */
export type ReportedStation = { readonly registration: Registration; readonly untilAt?: number };

const rowOf = ({ measures }: Window): UptimeRow => {
  const { minutes = 0, closedMin = 0, upMin = 0, downMin = 0, unknownMin = 0 } = measures;
  const { excludedDownMin = 0, excludedUnknownMin = 0 } = measures;
  return { minutes, closedMin, upMin, downMin, unknownMin, excludedDownMin, excludedUnknownMin };
};

/** A time in which a connector was in service, ms since the epoch; `fromAt` is absent where nobody knows. */
type Service = { readonly fromAt?: number; readonly untilAt: number };

type Port = {
  /** What it is accounted under: with a single connector that one's key. */
  readonly key: string;
  /** What its days are on record under while it has several connectors. */
  readonly portKey: string;
  /** Those it has, and those it had. */
  readonly connectorKeys: readonly string[];
  readonly ratedW: number;
  readonly services: readonly Service[];
};

type Had = RegisteredConnector | RemovedConnector;

/** Until a day begins, as days are computed of what is registered once they are over. */
const serviceOf = (registration: Registration, connector: Had): Service => ({
  ...omitUndefined({ fromAt: inServiceFrom(registration, connector) }),
  untilAt:
    'removedAt' in connector ? localDay(registration.timeZone, connector.removedAt).startAt : Number.POSITIVE_INFINITY,
});

/** The ports of a station, also those it has no more: what serves one vehicle at a time, which is an EVSE. */
const portsOf = (registration: Registration): Port[] => {
  const { stationId, connectors, removedConnectors = [] } = registration;
  const keysOf = (some: readonly Had[]): readonly string[] => [
    ...new Set(some.map((connector) => `${stationId}#${connectorSortKey(connector)}`)),
  ];
  return [...Map.groupBy<number, Had>([...connectors, ...removedConnectors], ({ evseId }) => evseId)].map(
    ([evseId, had]) => {
      const has = connectors.filter((connector) => connector.evseId === evseId);
      const present = has.length > 0 ? has : had;
      const portKey = `${stationId}#${evseId}`;
      const [only = portKey, ...others] = keysOf(present);
      return {
        key: others.length === 0 ? only : portKey,
        portKey,
        connectorKeys: keysOf(had),
        ratedW: Math.max(...present.map((connector) => connector.ratedW)),
        services: had.map((connector) => serviceOf(registration, connector)),
      };
    },
  );
};

/** The length of some spans together, ms: what several of them cover counts once. */
const coveredMs = (spans: readonly CalendarSpan[]): number => {
  let [covered, doneUntil] = [0, Number.NEGATIVE_INFINITY];
  for (const { startAt, endAt } of spans.toSorted((a, b) => a.startAt - b.startAt)) {
    covered += Math.max(0, endAt - Math.max(startAt, doneUntil));
    doneUntil = Math.max(doneUntil, endAt);
  }
  return covered;
};

/**
 * The days of a port, in order: those of the EVSE where they are on record, as it had several connectors then, though some may be
 * gone; of other days those of the one connector that is on record. A row that was taken back has no minutes.
 */
const daysOf = ({ portKey, connectorKeys }: Port, rows: ReadonlyMap<string, readonly Window[]>): readonly Window[] => {
  const onRecord = (key: string): readonly Window[] =>
    (rows.get(key) ?? []).filter(({ measures }) => measures.minutes !== undefined);
  const ofPort = onRecord(portKey);
  const known = new Set(ofPort.map(({ startAt }) => startAt));
  const ofConnectors = connectorKeys.flatMap(onRecord);
  const alone = [...Map.groupBy(ofConnectors, ({ startAt }) => startAt)].flatMap(([startAt, ofDay]) =>
    known.has(startAt) || ofDay.length > 1 ? [] : ofDay,
  );
  return [...alone, ...ofPort].toSorted((a, b) => a.startAt - b.startAt);
};

/**
 * The accounts of the ports of a station over the period of a report, as far as it is over and they were in service. Reads
 * days, never raw history. A port of which nobody knows since when it is in service counts from its first day on record.
 */
const accountsOf = async (
  windows: Pick<WindowStore, 'read'>,
  { registration, untilAt: stoodUntilAt = Number.POSITIVE_INFINITY }: ReportedStation,
  { rule, month, now }: UptimeQuestion,
): Promise<UptimeAccount[]> => {
  const { stationId, siteId, timeZone } = registration;
  const { startAt, endAt } = reportPeriod(rule, month, timeZone);
  const isFuture = periodState(month, timeZone, now) === 'future';
  const untilAt = isFuture ? startAt : Math.min(endAt, localDay(timeZone, now).startAt, stoodUntilAt);
  const within = ({ fromAt = startAt, untilAt: removedAt }: Service): CalendarSpan => ({
    startAt: Math.max(startAt, fromAt),
    endAt: Math.min(untilAt, removedAt),
  });
  const isReported = (service: Service): boolean =>
    isFuture ? service.untilAt === Number.POSITIVE_INFINITY : within(service).startAt < within(service).endAt;
  const ports = portsOf(registration).filter(({ services }) => services.some(isReported));
  if (ports.length === 0) return [];
  const firstDayAt = (service: Service): number => localDay(timeZone, within(service).startAt).startAt;
  const readFrom = Math.min(untilAt, ...ports.flatMap(({ services }) => services.map(firstDayAt)));
  const keys = ports.flatMap(({ portKey, connectorKeys }) => [portKey, ...connectorKeys]);
  const rows = Map.groupBy(await windows.read(uptime1d.name, keys, readFrom, untilAt), ({ key }) => key);
  return ports.map((port) => {
    const { key, ratedW, services } = port;
    // Days on which it was not in service may be on record, from a time when it was registered otherwise.
    const own = daysOf(port, rows).filter((day) =>
      services.some((service) => day.startAt >= firstDayAt(service) && day.startAt < service.untilAt),
    );
    const firstAt = own[0]?.startAt ?? untilAt;
    const due = services.map(({ fromAt = firstAt, untilAt: removedAt }) => within({ fromAt, untilAt: removedAt }));
    return { connector: key, stationId, siteId, ratedW, dueMin: coveredMs(due) / MINUTE_MS, rows: own.map(rowOf) };
  });
};

/** Stations whose days are read at the same time. */
const STATIONS_AT_ONCE = 16;

const states = ['future', 'unfinished', 'complete'] as const satisfies readonly PeriodState[];

/** The report of a rule over some stations. Its period is complete when it is so by the clocks of all of them. */
export const uptimeReport = async (
  windows: Pick<WindowStore, 'read'>,
  stations: readonly ReportedStation[],
  question: UptimeQuestion,
): Promise<NeviReport | UkReport> => {
  const ofStations = await pMap(stations, (station) => accountsOf(windows, station, question), {
    concurrency: STATIONS_AT_ONCE,
  });
  const accounts = ofStations.flat();
  const found = new Set(
    stations.map(({ registration }) => periodState(question.month, registration.timeZone, question.now)),
  );
  const period = states.find((state) => found.has(state)) ?? periodState(question.month, 'UTC', question.now);
  return question.rule === 'nevi' ? neviReport(accounts, period) : ukReport(accounts, period);
};
