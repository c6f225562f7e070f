import { parseArgs } from 'node:util';
import { localDay, localDays } from '../../domain/calendar/local-time.ts';
import { fleetOf } from '../../domain/fleet/fleet-station.ts';
import { connectorSortKey } from '../../domain/kernel/connector-key.ts';
import { DAY_MS, STATUSES_KEPT_MS } from '../../domain/kernel/durations.ts';
import { iso } from '../../domain/kernel/iso.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import { isReportMonth, type UptimeRule, uptimeRules } from '../../domain/uptime/report-period.ts';
import { uptimeCsv } from '../../domain/uptime/uptime-csv.ts';
import { type ExclusionReason, exclusionReasons, type StationExclusion } from '../../domain/uptime/uptime-row.ts';
import { isTouchedBy, withoutSpan } from '../../domain/uptime/without-span.ts';
import { marksLeftBy } from '../../domain/windows/dirty-mark.ts';
import type { DirtyMarks } from '../../use-cases/ports/dirty-marks.ts';
import type { ExclusionSettings } from '../../use-cases/ports/exclusion-settings.ts';
import type { StationRegistry } from '../../use-cases/ports/station-registry.ts';
import type { WindowStore } from '../../use-cases/ports/window-store.ts';
import { reportedStations } from '../../use-cases/query-history/reported-stations.ts';
import { uptimeReport } from '../../use-cases/query-history/uptime-report.ts';
import { type Commands, commandAndSubject } from '../command-line/command-and-subject.ts';
import { instantFlag } from '../command-line/instant-flag.ts';
import { nameFlag } from '../command-line/name-flag.ts';
import { Problem } from '../command-line/problem.ts';

/** Statuses of a day are on record for so long, and the one that held at its start was told before it. */
const LONGEST_BACK_DAYS = STATUSES_KEPT_MS / DAY_MS - 1;
/** What ends later is a slip of the pen. */
const LONGEST_AHEAD_DAYS = 400;

export const reportUsage = `Usage: npm run report -- COMMAND [--stage dev|prod]
  uptime --rule nevi|uk --month 2026-10 [--site SITE] [--json|--csv]
  exclude STATION --reason REASON --from 2026-10-03T08:00:00Z --to 2026-10-03T12:00:00Z [--connector 1#1] [--note TEXT]
  include STATION --from 2026-10-03T08:00:00Z --to 2026-10-03T12:00:00Z [--connector 1#1] [--reason REASON]
                                                takes back what was excluded of that time
  exclusions STATION [--json]
Reasons: ${exclusionReasons.join(', ')}.
Without --stage the stack that runs on this machine is meant. Days of which the exclusions change are computed again within minutes
once they are over; those more than ${LONGEST_BACK_DAYS} days ago stay as they are on record.`;

/** Reads the flags of the report command. Throws node's own error for one it does not know. */
export const reportFlags = (argv: readonly string[]) =>
  parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      stage: { type: 'string' },
      rule: { type: 'string' },
      month: { type: 'string' },
      site: { type: 'string' },
      reason: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      connector: { type: 'string' },
      note: { type: 'string' },
      json: { type: 'boolean' },
      csv: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
type Flags = ReturnType<typeof reportFlags>['values'];

export type ReportStores = {
  readonly windows: Pick<WindowStore, 'read'>;
  readonly registry: Pick<StationRegistry, 'list' | 'find' | 'former'>;
  readonly exclusions: ExclusionSettings;
  readonly dirty: Pick<DirtyMarks, 'mark'>;
  /** ms since the epoch. */
  readonly now: () => number;
  /** Who runs the command. */
  readonly user: string;
};
type Print = (line: string) => void;

const ruleOf = (text: string | undefined): UptimeRule => {
  const rule = uptimeRules.find((known) => known === text);
  if (rule === undefined) throw new Problem(`Which rule? --rule ${uptimeRules.join(' or --rule ')}`);
  return rule;
};

const monthOf = (text: string | undefined): string => {
  if (text === undefined || !isReportMonth(text)) throw new Problem('Which month? --month YYYY-MM, from 2000-01 on');
  return text;
};

const reasonOf = (text: string | undefined): ExclusionReason => {
  const reason = exclusionReasons.find((known) => known === text);
  if (reason === undefined) throw new Problem(`Which reason? --reason ${exclusionReasons.join(', ')}`);
  return reason;
};

const percent = (value: number | undefined): string => (value === undefined ? '-' : `${value.toFixed(4)} %`);

const soFar = {
  complete: '',
  unfinished: ', so far: the month is not over',
  future: ', the month has not begun',
} as const;

const uptime = async (flags: Flags, { windows, registry, now }: ReportStores, print: Print): Promise<void> => {
  const rule = ruleOf(flags.rule);
  const month = monthOf(flags.month);
  const stations = await reportedStations(registry, nameFlag('site', flags.site), { rule, month });
  if (stations.length === 0) throw new Problem('No station was in service there in that time.');
  const report = await uptimeReport(windows, stations, { rule, month, now: now() });
  if (flags.json === true) return print(JSON.stringify({ ...report, month }, null, 2));
  if (flags.csv === true) return print(uptimeCsv(report));
  const verdict = `${report.compliant ? 'kept' : 'not kept'}${soFar[report.period]}`;
  if (report.rule === 'nevi') {
    print(`NEVI, twelve months to ${month}: ${verdict} (each port above 97 %)`);
    for (const { connector, uptimePercent, compliant } of report.ports) {
      const remark = uptimePercent === undefined ? 'not measured' : compliant ? '' : 'below';
      print(`${connector}\t${percent(uptimePercent)}\t${remark}`.trimEnd());
    }
    return;
  }
  print(
    `UK, ${month.slice(0, 4)} to ${month}: ${verdict} (99 % over ${report.points.length} points of 50 kW and more)`,
  );
  print(`pooled\t${percent(report.pooledPercent)}`);
  print(`mean of points\t${percent(report.meanOfPointsPercent)}`);
  print(`unknown removed\t${percent(report.unknownRemovedPercent)}`);
  print(`unknown as down\t${percent(report.unknownAsDownPercent)}`);
};

/** The station and the span that flags name. Refuses days that cannot be computed again. */
const spanOf = async (
  stationId: string,
  flags: Flags,
  { registry, now }: ReportStores,
): Promise<Pick<StationExclusion, 'fromAt' | 'toAt'> & { readonly registration: Registration }> => {
  const [fromAt, toAt] = [instantFlag('from', flags.from), instantFlag('to', flags.to)];
  if (toAt <= fromAt) throw new Problem('--to must be after --from');
  const registration = await registry.find(stationId);
  if (registration === undefined) throw new Problem(`${stationId} is not registered.`);
  const { timeZone } = registration;
  const horizon = localDay(timeZone, now() - LONGEST_BACK_DAYS * DAY_MS).endAt;
  if (fromAt < horizon)
    throw new Problem(
      `--from: statuses are kept for ${STATUSES_KEPT_MS / DAY_MS} days, so days before ${localDay(timeZone, horizon).date} ` +
        `stay as they are on record; the earliest is ${iso(horizon)}`,
    );
  return { fromAt, toAt, registration };
};

/** Has the days of a span computed again. Returns how many, in words. */
const computeAgain = async (
  registration: Registration,
  { fromAt, toAt }: Pick<StationExclusion, 'fromAt' | 'toAt'>,
  { dirty, now }: ReportStores,
): Promise<string> => {
  await dirty.mark(
    fleetOf([registration], [])
      .flatMap(({ connectors }) => connectors)
      .flatMap((connector) => marksLeftBy(connector, { input: 'exclusions', fromAt, toAt }, now())),
  );
  const days = localDays(registration.timeZone, fromAt, toAt).length;
  return `${days} ${days === 1 ? 'day' : 'days'}`;
};

const exclude = async (stationId: string, flags: Flags, stores: ReportStores, print: Print): Promise<void> => {
  const { exclusions, now, user } = stores;
  const reason = reasonOf(flags.reason);
  const { fromAt, toAt, registration } = await spanOf(stationId, flags, stores);
  if (toAt > now() + LONGEST_AHEAD_DAYS * DAY_MS)
    throw new Problem(`--to: an exclusion ends at most ${LONGEST_AHEAD_DAYS} days from now`);
  const { connectors, removedConnectors = [] } = registration;
  const keys = [...new Set([...connectors, ...removedConnectors].map(connectorSortKey))];
  if (flags.connector !== undefined && !keys.includes(flags.connector))
    throw new Problem(`${stationId} has no connector ${flags.connector}: ${keys.join(', ')}`);
  const exclusion: StationExclusion = {
    reason,
    fromAt,
    toAt,
    ...omitUndefined({ connectorKey: flags.connector, note: flags.note }),
    by: `command line: ${user}`,
    at: now(),
  };
  await exclusions.change(stationId, (declared) => [...declared, exclusion]);
  print(`${stationId}: ${reason} excluded on ${await computeAgain(registration, exclusion, stores)}.`);
};

const include = async (stationId: string, flags: Flags, stores: ReportStores, print: Print): Promise<void> => {
  const { fromAt, toAt, registration } = await spanOf(stationId, flags, stores);
  const reason = flags.reason === undefined ? undefined : reasonOf(flags.reason);
  const span = { fromAt, toAt, ...omitUndefined({ connectorKey: flags.connector, reason }) };
  let touched: readonly StationExclusion[] = [];
  await stores.exclusions.change(stationId, (declared) => {
    touched = declared.filter((exclusion) => isTouchedBy(exclusion, span));
    if (touched.length === 0)
      throw new Problem(`${stationId}: nothing is excluded there: report exclusions ${stationId}`);
    return withoutSpan(declared, span);
  });
  const counting = {
    fromAt: Math.max(fromAt, Math.min(...touched.map((exclusion) => exclusion.fromAt))),
    toAt: Math.min(toAt, Math.max(...touched.map((exclusion) => exclusion.toAt))),
  };
  print(`${stationId}: counts again on ${await computeAgain(registration, counting, stores)}.`);
};

const listed = async (stationId: string, flags: Flags, stores: ReportStores, print: Print): Promise<void> => {
  const { exclusions, registry } = stores;
  if ((await registry.find(stationId)) === undefined) throw new Problem(`${stationId} is not registered.`);
  const shown = (await exclusions.of(stationId)).map(({ fromAt, toAt, at, ...rest }) => ({
    from: iso(fromAt),
    to: iso(toAt),
    ...rest,
    ...omitUndefined({ at: at === undefined ? undefined : iso(at) }),
  }));
  if (flags.json === true) return print(JSON.stringify(shown, null, 2));
  if (shown.length === 0) return print(`${stationId}: nothing is excluded.`);
  for (const { from, to, reason, connectorKey = 'station', note = '', by = '', at = '' } of shown)
    print([from, to, reason, connectorKey, note, by, at].join('\t').trimEnd());
};

const commands = {
  uptime: { flags: ['rule', 'month', 'site', 'json', 'csv'], alone: true },
  exclude: { flags: ['reason', 'from', 'to', 'connector', 'note'] },
  include: { flags: ['from', 'to', 'connector', 'reason'] },
  exclusions: { flags: ['json'] },
} as const satisfies Commands;

const ofStation = { exclude, include, exclusions: listed };

/** Runs `report uptime|exclude|include|exclusions`. */
export const reportCommand = async (argv: readonly string[], stores: ReportStores, print: Print): Promise<void> => {
  const line = reportFlags(argv);
  const { values: flags } = line;
  const [command, subject] = commandAndSubject(line, commands, reportUsage);
  if (command === 'uptime') return uptime(flags, stores, print);
  if (subject === undefined) throw new Problem(`Which station?\n\n${reportUsage}`);
  return ofStation[command](subject, flags, stores, print);
};
