import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tariffCommand } from '../../cli/tariff/tariff-command.ts';
import type { Tariff, TariffAssignment } from '../../domain/tariff/tariff.ts';

const setting = () => {
  const tariffs: Tariff[] = [];
  const assignments: TariffAssignment[] = [];
  const lines: string[] = [];
  const table = {
    book: async () => ({ tariffs, assignments }),
    putTariff: async (tariff: Tariff) => void tariffs.push(tariff),
    assign: async (assignment: TariffAssignment) => void assignments.push(assignment),
    unassign: async () => undefined,
  };
  const run = async (...argv: string[]): Promise<string[]> => {
    lines.length = 0;
    await tariffCommand(argv, table, (line) => lines.push(line));
    return [...lines];
  };
  return { run, tariffs, assignments };
};
const file = async (content: unknown): Promise<string> => {
  const path = join(await mkdtemp(join(tmpdir(), 'tariff-')), 'tariff.json');
  await writeFile(path, JSON.stringify(content));
  return path;
};

describe('npm run tariff', () => {
  it('imports a published schedule, assigns it and lists both', async () => {
    const { run, assignments } = setting();
    expect(
      await run('import', 'data/prices/tariff_sce_tou_ev_8_june_2019.json', '--id', 'sce-8', '--currency', 'USD'),
    ).toEqual(['sce-8: 10 elements.']);
    expect(await run('assign', 'sce-8', '--site', 'A', '--type', 'CCS', '--from', '2027-01-01T00:00:00Z')).toEqual([
      'sce-8: assigned.',
    ]);
    expect(assignments).toEqual([
      { tariffId: 'sce-8', siteId: 'A', connectorType: 'CCS', validFrom: Date.parse('2027-01-01') },
    ]);
    expect(await run('list')).toEqual(['sce-8\tUSD\t10 elements', 'sce-8 holds at A for CCS']);
  });

  it('refuses a tariff that could not price a session', async () => {
    const { run, tariffs } = setting();
    const restrictions = { startTime: '8 am', endTime: '20:00' };
    const broken = {
      tariffId: 'x',
      currency: 'EUR',
      elements: [{ components: [{ kind: 'energy', price: '1' }], restrictions }],
    };
    await expect(run('add', await file(broken))).rejects.toThrow('Tariff x: Not a time of day (HH:MM): 8 am');
    const cheap = { tariffId: 'x', currency: 'EUR', elements: [{ components: [{ kind: 'time', price: '-1' }] }] };
    await expect(run('add', await file(cheap))).rejects.toThrow('Not a price');
    await expect(run('add', await file({ tariffId: 'x' }))).rejects.toThrow('is no tariff');
    await expect(run('assign', 'x')).rejects.toThrow('There is no tariff x');
    expect(tariffs).toEqual([]);
  });
});
