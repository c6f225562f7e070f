import { connectorSortKey } from '../../domain/kernel/connector-key.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import { type NeviReport, neviReport } from '../../domain/uptime/nevi-report.ts';
import { reportPeriod, type UptimeRule } from '../../domain/uptime/report-period.ts';
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

/** The accounts of all registered ports of some stations over the period of a report. Reads days, never raw history. */
export const uptimeAccounts = async (
  windows: Pick<WindowStore, 'read'>,
  registrations: readonly Registration[],
  rule: UptimeRule,
  month: string,
): Promise<UptimeAccount[]> => {
  const accounts: UptimeAccount[] = [];
  for (const registration of registrations) {
    const { stationId, siteId, timeZone } = registration;
    const { startAt, endAt } = reportPeriod(rule, month, timeZone);
    const ports = portsOf(registration);
    const keys = ports.map(({ key }) => key);
    const rows = Map.groupBy(await windows.read(uptime1d.name, keys, startAt, endAt), ({ key }) => key);
    for (const { key, ratedW } of ports)
      accounts.push({ connector: key, stationId, siteId, ratedW, rows: (rows.get(key) ?? []).map(rowOf) });
  }
  return accounts;
};

/** The report of a rule over some stations. */
export const uptimeReport = async (
  windows: Pick<WindowStore, 'read'>,
  registrations: readonly Registration[],
  rule: UptimeRule,
  month: string,
): Promise<NeviReport | UkReport> => {
  const accounts = await uptimeAccounts(windows, registrations, rule, month);
  return rule === 'nevi' ? neviReport(accounts) : ukReport(accounts);
};
