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

  const year = { id: 'a', effective_start: '01-01', effective_end: '12-31', dow_mask: 'ALL', times: [0], tariffs: [1] };

  it.each([
    ['no list', { schedule: 'all day' }, 'schedule must be a list'],
    ['a period without an id', { schedule: [{ ...year, id: undefined }] }, 'schedule[0].id is missing'],
    ['what it would ignore', { schedule: [{ ...year, fixed_charge: 5 }] }, 'schedule[0].fixed_charge is not known'],
    ['hours without a price', { schedule: [{ ...year, times: [8] }] }, 'schedule[0].times must begin at 0'],
    ['times out of order', { schedule: [{ ...year, times: [0, 16, 8], tariffs: [1, 2, 3] }] }, 'times must rise'],
    ['more prices than times', { schedule: [{ ...year, tariffs: [1, 2] }] }, 'tariffs must be as many as times: 1'],
    ['prices that are none', { schedule: [{ ...year, tariffs: ['1'] }] }, 'tariffs must hold numbers: 1'],
    ['prices it would round', { schedule: [{ ...year, tariffs: [0.1234567] }] }, 'tariffs have six decimals at most'],
    ['a season that is none', { schedule: [{ ...year, effective_end: 'May' }] }, 'effective_end is no month and day'],
  ])('refuses %s by name', (_, content, message) => {
    expect(() => importTimeOfUse(content, 'x', 'USD')).toThrow(message);
  });

  it('warns of days on which energy would be given away', () => {
    const winter = { ...year, effective_start: '12-01', effective_end: '2-28' };
    const summer = { ...year, id: 'b', effective_start: '03-01', effective_end: '11-30' };
    const warningsOf = (...schedule: readonly object[]) => importTimeOfUse({ schedule }, 'x', 'USD').warnings;
    expect(warningsOf(winter, summer)).toEqual([
      'there are days without a price, such as 02-29 on a SUNDAY: nothing is charged on them',
    ]);
    expect(warningsOf({ ...winter, effective_end: '02-29' }, summer)).toEqual([]);
    expect(warningsOf({ ...year, dow_mask: 'WEEKDAYS' })).toEqual([
      'there are days without a price, such as 01-01 on a SUNDAY: nothing is charged on them',
    ]);
  });
});
