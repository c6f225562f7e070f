import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allSeries } from '../../domain/windows/index.ts';

const folder = new URL('../../domain/windows/', import.meta.url);
const DAY_MS = 86_400_000;

const isDeclared = (measures: Readonly<Record<string, string>>, name: string): boolean =>
  name in measures || `${name.slice(0, name.indexOf('.'))}.*` in measures;

describe.each(allSeries.map((series) => [series.name, series] as const))('series %s', (_, series) => {
  it('is finite when empty', () => {
    expect(Object.entries(series.measureEmpty()).filter(([, value]) => !Number.isFinite(value))).toEqual([]);
  });

  it('declares every measure it gives', () => {
    expect(Object.keys(series.measureEmpty()).filter((name) => !isDeclared(series.measures, name))).toEqual([]);
  });

  it('has windows that tile a day and a name that says their size', () => {
    const [, count, unit] = /_(\d+)([mhd])$/.exec(series.name) ?? [];
    const unitMs = { m: 60_000, h: 3_600_000, d: DAY_MS }[unit ?? ''] ?? Number.NaN;
    expect({ sizeMs: series.sizeMs, restMs: DAY_MS % series.hopMs }).toEqual({
      sizeMs: Number(count) * unitMs,
      restMs: 0,
    });
  });
});

describe('the registry of series', () => {
  it('lists every file that defines one, each under its own name', () => {
    const defined = readdirSync(folder).flatMap((file) =>
      [...readFileSync(new URL(file, folder), 'utf8').matchAll(/: Series<[^=]*> = \{\n\s+name: '([^']+)'/g)].map(
        ([, name]) => name,
      ),
    );
    expect(defined.length).toBeGreaterThan(0);
    expect(allSeries.map(({ name }) => name).sort()).toEqual(defined.sort());
  });
});
