import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fleetOf } from '../../domain/fleet/fleet-station.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/kernel/durations.ts';
import { groupsOf } from '../../domain/windows/groups-of.ts';
import { recompute } from '../../domain/windows/recompute.ts';
import { allSeries, seriesNamed } from '../../domain/windows/series/index.ts';
import type { Inputs, Series } from '../../domain/windows/series.ts';
import type { Window } from '../../domain/windows/window.ts';
import { withSeriesTable } from '../../events/with-series-table.ts';
import { registration } from '../support/station-days.ts';

const DAY = Date.parse('2026-03-10');
const nothing: Inputs = {
  minutes: () => new Map(),
  statuses: () => [],
  sessions: () => [],
  exclusions: () => [],
};

/** What a series says of a window in which nothing happened; nothing for one whose rows are told. */
const emptyWindows = ({ source, ...series }: Series): Window['measures'][] => {
  const window = { startAt: DAY, endAt: DAY + series.sizeMs };
  switch (source.kind) {
    case 'told':
      return [];
    case 'onRead':
      return [source.compute({ rows: () => [], statuses: [] }, window) ?? {}];
    case 'rolledUp':
      return groupsOf(source, fleetOf([registration('S1')], []))
        .flatMap((group) => recompute({ ...series, source }, group, nothing, [window], 1))
        .map(({ row }) => row.measures);
  }
};

const isDeclared = (measures: Readonly<Record<string, string>>, name: string): boolean =>
  name in measures || `${name.slice(0, name.indexOf('.'))}.*` in measures;

describe.each(allSeries.map((series) => [series.name, series] as const))('series %s', (_, series) => {
  it('is finite when empty', () => {
    const values = emptyWindows(series).flatMap((measures) => Object.entries(measures));
    expect(values.filter(([, value]) => !Number.isFinite(value))).toEqual([]);
  });

  it('declares every measure it gives', () => {
    const names = emptyWindows(series).flatMap((measures) => Object.keys(measures));
    expect(names.filter((name) => !isDeclared(series.measures, name))).toEqual([]);
  });

  it('has windows that tile a day and a name that says their size', () => {
    const [, count, unit] = /_(\d+)([mhd])$/.exec(series.name) ?? [];
    const unitMs = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS }[unit ?? ''] ?? Number.NaN;
    expect({ sizeMs: series.sizeMs, restMs: DAY_MS % series.hopMs }).toEqual({
      sizeMs: Number(count) * unitMs,
      restMs: 0,
    });
  });

  it('tiles any stretch of time with windows of its size, where it is rolled up', () => {
    if (series.source.kind !== 'rolledUp') return;
    const windows = series.source.calendar('Europe/London', DAY, DAY + 2 * DAY_MS);
    expect(windows.map(({ startAt, endAt }) => endAt - startAt)).toEqual(
      Array.from({ length: (2 * DAY_MS) / series.sizeMs }, () => series.sizeMs),
    );
  });
});

const root = new URL('../../', import.meta.url);

/** Files outside the registry that name a series in a text of their code. */
const mentionsOutside = (): string[] =>
  ['aws', 'bench', 'cli', 'domain', 'lambdas', 'lib', 'local', 'runtime', 'simulator', 'use-cases']
    .flatMap((room) =>
      readdirSync(new URL(room, root), { recursive: true, encoding: 'utf8' }).map((name) => `${room}/${name}`),
    )
    .filter((path) => path.endsWith('.ts') && !path.startsWith('domain/windows/series/'))
    .filter((path) => {
      const source = readFileSync(new URL(path, root), 'utf8');
      return allSeries.some(({ name }) => new RegExp(`['"\`]${name}['"\`]`).test(source));
    });

describe('the registry of series', () => {
  it('is documented as it is', () => {
    const page = readFileSync(new URL('docs/windows.md', root), 'utf8');
    expect(page, 'run npm run docs:events').toBe(withSeriesTable(page));
  });

  it('lists every file that defines one, each under the name of its file', () => {
    const files = readdirSync(new URL('../../domain/windows/series/', import.meta.url)).filter(
      (file) => file !== 'index.ts',
    );
    expect(files.length).toBeGreaterThan(0);
    const names = files.map((file) => file.replace('.ts', '').replaceAll('-', '_'));
    expect(allSeries.map(({ name }) => name).sort()).toEqual(names.sort());
    expect(allSeries.map(({ name }) => seriesNamed(name))).toEqual(allSeries);
  });

  it('is the only place in the code that names series: what is about all of them loops over it', () => {
    expect(mentionsOutside()).toEqual([]);
  });
});
