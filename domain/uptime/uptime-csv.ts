import { unreachable } from '../kernel/unreachable.ts';
import type { NeviReport } from './nevi-report.ts';
import type { UkReport } from './uk-report.ts';

const cell = (value: string | number | boolean | undefined): string => {
  if (typeof value === 'number') return String(Math.round(value * 10_000) / 10_000);
  const text = value === undefined ? '' : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const table = (
  rows: readonly Readonly<Record<string, string | number | boolean | undefined>>[],
  columns: readonly string[],
): string => [columns.join(','), ...rows.map((row) => columns.map((column) => cell(row[column])).join(','))].join('\n');

/** A report as CSV: one line per port or point; for the UK rule the network's figures follow as lines of their own. */
export const uptimeCsv = (report: NeviReport | UkReport): string => {
  const inPeriod = <Row extends object>(rows: readonly Row[]) => rows.map((row) => ({ ...row, period: report.period }));
  switch (report.rule) {
    case 'nevi':
      return table(inPeriod(report.ports), [
        'connector',
        'stationId',
        'siteId',
        'outageMin',
        'excludedMin',
        'coveredMin',
        'unmeasuredMin',
        'uptimePercent',
        'withoutExclusionsPercent',
        'compliant',
        'period',
      ]);
    case 'uk': {
      const columns = [
        'connector',
        'stationId',
        'siteId',
        'accessibleMin',
        'downMin',
        'excludedMin',
        'unknownMin',
        'unmeasuredMin',
        'reliablePercent',
        'period',
      ];
      const network = [
        { connector: 'NETWORK pooled', reliablePercent: report.pooledPercent },
        { connector: 'NETWORK mean of points', reliablePercent: report.meanOfPointsPercent },
        { connector: 'NETWORK unknown removed', reliablePercent: report.unknownRemovedPercent },
        { connector: 'NETWORK unknown as down', reliablePercent: report.unknownAsDownPercent },
      ];
      return table(inPeriod([...report.points, ...network]), columns);
    }
    default:
      return unreachable(report);
  }
};
