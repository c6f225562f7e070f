import { allSeries } from '../domain/windows/series/index.ts';
import type { Series, Source } from '../domain/windows/series.ts';

const START =
  '<!-- Written from domain/windows/series by `npm run docs:events`: change the series, not this table. -->';
const END = '<!-- End of the table of series. -->';

const sources: Readonly<Record<Source['kind'], string>> = {
  told: 'told by the station',
  rolledUp: 'rolled up every minute',
  onRead: 'computed when it is read',
};

const origin = ({ source }: Series): string => {
  if (source.kind !== 'rolledUp' || source.onRead === undefined) return sources[source.kind];
  if (source.onRead.rows === 'all') return sources.onRead;
  return 'rolled up every quarter of an hour; the latest computed when they are read';
};

const seriesTable = (): string =>
  [
    '| name | key | what a window says | where from | kept |',
    '|---|---|---|---|---|',
    ...allSeries.map((series) => {
      const { name, keyedBy, about, source, keptDays } = series;
      const kept = source.kind === 'onRead' ? '' : keptDays === undefined ? 'for good' : `${keptDays} days`;
      return `| \`${name}\` | ${keyedBy} | ${about} | ${origin(series)} | ${kept} |`;
    }),
  ].join('\n');

/** A page (docs/windows.md) with the table of series as it is now between its two marks. Throws when a mark is missing. */
export const withSeriesTable = (page: string): string => {
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start < 0 || end < start) throw new Error('The page has no place for the table of series');
  return `${page.slice(0, start)}${START}\n\n${seriesTable()}\n\n${page.slice(end)}`;
};
