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

type Port = { readonly key: string; readonly ratedW: number };

/**
 * The ports of a station: what serves one vehicle at a time, which is an EVSE. One with a single connector is accounted under
 * that connector's key.
 */
const portsOf = ({ stationId, connectors }: Registration): Port[] =>
  [...Map.groupBy(connectors, ({ evseId }) => evseId)].map(([evseId, ofPort]) => {
    const [only] = ofPort;
    const key = only && ofPort.length === 1 ? connectorSortKey(only) : `${evseId}`;
    return { key: `${stationId}#${key}`, ratedW: Math.max(...ofPort.map(({ ratedW }) => ratedW)) };
  });

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
  const keys = ports.map(({ key }) => key);
  const rows = Map.groupBy(await windows.read(uptime1d.name, keys, readFrom, untilAt), ({ key }) => key);
  return ports.map(({ key, ratedW }) => {
    const own = rows.get(key) ?? [];
    const fromAt = Math.max(startAt, commissionedAt ?? own[0]?.startAt ?? untilAt);
    const dueMin = Math.max(0, untilAt - fromAt) / MINUTE_MS;
    return { connector: key, stationId, siteId, ratedW, dueMin, rows: own.map(rowOf) };
  });
};

/** Which report, and when it is asked for (ms since the epoch). */
export type UptimeQuestion = { readonly rule: UptimeRule; readonly month: string; readonly now: number };

const states = ['future', 'unfinished', 'complete'] as const satisfies readonly PeriodState[];

/** The report of a rule over some stations. Its period is complete when it is so by the clocks of all of them. */
export const uptimeReport = async (
  windows: Pick<WindowStore, 'read'>,
  registrations: readonly Registration[],
  question: UptimeQuestion,
): Promise<NeviReport | UkReport> => {
  const accounts: UptimeAccount[] = [];
  const found = new Set<PeriodState>();
  for (const registration of registrations) {
    accounts.push(...(await accountsOf(windows, registration, question)));
    found.add(periodState(question.month, registration.timeZone, question.now));
  }
  const period = states.find((state) => found.has(state)) ?? periodState(question.month, 'UTC', question.now);
  return question.rule === 'nevi' ? neviReport(accounts, period) : ukReport(accounts, period);
};
