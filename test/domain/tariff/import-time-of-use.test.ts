import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importTimeOfUse } from '../../../domain/tariff/import-time-of-use.ts';

const published = (file: string) =>
  JSON.parse(readFileSync(new URL(`../../../data/prices/${file}`, import.meta.url), 'utf8'));

describe('importing published time-of-use tariffs', () => {
  it('reads days from the name where the mask ALL would hide the weekend', () => {
    const { tariff, warnings } = importTimeOfUse(published('tariff_pge_a10_tou_aug_2019.json'), 'pge-a-10', 'USD');
    expect(tariff.elements.filter(({ restrictions }) => restrictions?.season?.from === '11-01').at(-1)).toEqual({
      components: [{ kind: 'energy', price: '0.130640' }],
      restrictions: { season: { from: '11-01', to: '04-30' }, daysOfWeek: ['SATURDAY', 'SUNDAY'] },
    });
    expect(warnings.filter((warning) => warning.includes('mask ALL'))).toHaveLength(2);
    expect(warnings.filter((warning) => warning.includes('demand charge'))).toHaveLength(4);
  });

  it('keeps the mask ALL where the season has no second period for other days, and keeps half hours', () => {
    const sce8 = importTimeOfUse(published('tariff_sce_tou_ev_8_june_2019.json'), 'sce-8', 'USD').tariff;
    expect(sce8.elements.at(-1)?.restrictions).toEqual({ season: { from: '10-01', to: '05-31' }, startTime: '21:00' });
    const pge = importTimeOfUse(published('tariff_pge_a10_tou_aug_2019.json'), 'pge', 'USD').tariff;
    expect(pge.elements[1]?.restrictions?.startTime).toBe('08:30');
  });

  it('refuses days it does not know', () => {
    const schedule = {
      name: 'x',
      effective: '2020-01-01',
      schedule: [
        { id: 'a', effective_start: '01-01', effective_end: '12-31', dow_mask: 'HOLIDAYS', times: [0], tariffs: [1] },
      ],
    };
    expect(() => importTimeOfUse(schedule, 'x', 'USD')).toThrow('Unknown dow_mask HOLIDAYS in a');
  });
});
