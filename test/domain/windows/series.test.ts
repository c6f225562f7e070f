import { describe, expect, it } from 'vitest';
import { allSeries } from '../../../domain/windows/series/index.ts';

describe('the rows of a series', () => {
  it('go after 400 days where they are of minutes: of all that is kept, these are the most', () => {
    const stored = allSeries.filter(({ source }) => source.kind !== 'onRead');
    const ofMinutes = stored.filter(({ sizeMs }) => sizeMs < 15 * 60_000);
    expect(ofMinutes.map(({ name }) => name)).toContain('connector_1m');
    expect(ofMinutes.filter(({ keptDays }) => keptDays !== 400)).toEqual([]);
  });
});
