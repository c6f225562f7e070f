import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tariffCommand } from '../../cli/tariff/tariff-command.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import { assignedTariff } from '../../domain/tariff/assigned-tariff.ts';
import type { Tariff, TariffAssignment } from '../../domain/tariff/tariff.ts';

const registrations: readonly Registration[] = [
  {
    stationId: 'S1',
    siteId: 'A',
    zoneId: 'A/1',
    region: 'north',
    timeZone: 'UTC',
    admission: 'accepted',
    connectors: [{ evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: 50_000 }],
  },
];
const ocpi = (id: string, price = 0.25) => ({
  ...{ country_code: 'DE', party_id: 'ALL', id, currency: 'EUR', last_updated: '2026-01-01T00:00:00Z' },
  elements: [{ price_components: [{ type: 'ENERGY', price, vat: 10, step_size: 1 }] }],
});

/** By what the table tells assignments apart. */
const nameOf = ({ tariffId: _, validUntil: __, ...place }: TariffAssignment): string =>
  JSON.stringify(Object.entries(place).toSorted());

const setting = () => {
  const tariffs: Tariff[] = [];
  const assignments: TariffAssignment[] = [];
  const lines: string[] = [];
  const table = {
    book: async () => ({ tariffs, assignments }),
    putTariff: async (tariff: Tariff) => {
      const index = tariffs.findIndex(({ tariffId }) => tariffId === tariff.tariffId);
      tariffs.splice(index < 0 ? tariffs.length : index, 1, tariff);
    },
    assign: async (assignment: TariffAssignment) => {
      const index = assignments.findIndex((known) => nameOf(known) === nameOf(assignment));
      assignments.splice(index < 0 ? assignments.length : index, 1, assignment);
    },
    unassign: async (assignment: TariffAssignment) => void assignments.splice(assignments.indexOf(assignment), 1),
  };
  const registry = {
    find: async (stationId: string) => registrations.find((found) => found.stationId === stationId),
    list: async (siteId?: string) => registrations.filter((found) => siteId === undefined || found.siteId === siteId),
  };
  const run = async (...argv: string[]): Promise<string[]> => {
    lines.length = 0;
    await tariffCommand(argv, { table, registry }, (line) => lines.push(line));
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
    expect(await run('list')).toEqual([
      'sce-8\tUSD\t10 elements',
      'sce-8 holds at A for CCS from 2027-01-01T00:00:00.000Z',
    ]);
  });

  it('imports one OCPI tariff or a list, says what it did not take, and keeps the old one unless told otherwise', async () => {
    const { run, tariffs } = setting();
    const list = [ocpi('12'), { ...ocpi('13'), type: 'PROFILE_CHEAP' }];
    expect(await run('import', await file(list))).toEqual([
      '12: 1 element.',
      'note: 13: type PROFILE_CHEAP: sessions carry no such choice, it holds for all of them where it is assigned',
      '13: 1 element.',
    ]);
    expect(await run('import', await file(ocpi('12')))).toEqual(['12: 1 element.']);
    const dearer = await file([ocpi('14'), ocpi('12', 0.3)]);
    await expect(run('import', dearer)).rejects.toThrow('Tariff 12 exists already, and otherwise: add --replace');
    expect(tariffs.map(({ tariffId }) => tariffId)).toEqual(['12', '13']);
    await run('import', dearer, '--replace');
    expect(tariffs.map(({ tariffId, elements }) => [tariffId, elements[0]?.components[0]?.price])).toEqual([
      ['12', '0.3'],
      ['13', '0.25'],
      ['14', '0.25'],
    ]);
  });

  it('takes an assignment back by what it was assigned with, also where nothing is registered any more', async () => {
    const { run, assignments } = setting();
    await run('import', await file(ocpi('12')));
    const gone = { tariffId: '12', siteId: 'gone' };
    const [first, second] = ['2027-01-01', '2028-01-01'];
    assignments.push(gone);
    await run('assign', '12', '--site', 'A', '--from', `${first}T00:00:00Z`, '--until', `${second}T00:00:00Z`);
    await run('assign', '12', '--site', 'A', '--from', `${second}T00:00:00Z`);
    await expect(run('unassign', '12', '--site', 'A')).rejects.toThrow(
      'Which one? Give --from: holds from 2027-01-01T00:00:00.000Z until 2028-01-01T00:00:00.000Z, ' +
        'holds from 2028-01-01T00:00:00.000Z',
    );
    await expect(run('unassign', '12', '--site', 'A', '--type', 'CCS')).rejects.toThrow('12 is not assigned so');
    expect(await run('unassign', '12', '--site', 'A', '--from', `${first}T00:00:00Z`)).toEqual([
      '12: holds no more at A from 2027-01-01T00:00:00.000Z until 2028-01-01T00:00:00.000Z.',
    ]);
    expect(await run('unassign', '12', '--site', 'gone')).toEqual(['12: holds no more at gone.']);
    expect(assignments).toEqual([{ tariffId: '12', siteId: 'A', validFrom: Date.parse(second) }]);
    await expect(run('assign', '12', '--site', 'A', '--from', '2027-02-30T00:00:00Z')).rejects.toThrow('--from');
    await expect(run('assign', '12', '--site', 'A', '--from', '2027-03-01T00:00:00')).rejects.toThrow('--from');
  });

  it('takes back the assignment without a beginning where others of the tariff have one', async () => {
    const { run, assignments } = setting();
    await run('import', await file(ocpi('12')));
    await run('assign', '12', '--site', 'A');
    await run('assign', '12', '--site', 'A', '--from', '2027-01-01T00:00:00Z');
    expect(await run('unassign', '12', '--site', 'A')).toEqual(['12: holds no more at A.']);
    expect(assignments).toEqual([{ tariffId: '12', siteId: 'A', validFrom: Date.parse('2027-01-01') }]);
  });

  it('lets a tariff go on where its end is put off, and tells of assignments that name an end', async () => {
    const { run, tariffs, assignments } = setting();
    const until = (end_date_time: string) => file({ ...ocpi('12'), end_date_time });
    const [first, second] = ['2027-01-01T00:00:00.000Z', '2028-01-01T00:00:00.000Z'];
    await run('import', await until(first));
    await run('assign', '12', '--site', 'A');
    await run('assign', '12', '--station', 'S1', '--until', '2026-06-01T00:00:00Z');
    expect(await run('import', await until(second), '--replace')).toEqual([
      '12: 1 element.',
      'note: 12: still holds at S1 until 2026-06-01T00:00:00.000Z: assign it again to change that',
    ]);
    expect(await run('list')).toEqual([
      `12\tEUR\t1 element until ${second}`,
      '12 holds at A',
      '12 holds at S1 until 2026-06-01T00:00:00.000Z',
    ]);
    const place = { stationId: 'S2', siteId: 'A', connectorType: 'CCS' };
    const tariffAt = (at: string) => assignedTariff({ tariffs, assignments }, place, Date.parse(at))?.tariffId;
    expect([tariffAt('2026-12-31'), tariffAt('2027-12-31'), tariffAt('2028-01-01')]).toEqual(['12', '12', undefined]);
  });

  it('tells which tariff holds no more where another one is assigned in its place', async () => {
    const { run, assignments } = setting();
    await run('import', await file([ocpi('12'), { ...ocpi('13'), end_date_time: '2026-06-01T00:00:00Z' }]));
    await run('assign', '12', '--site', 'A');
    expect(await run('assign', '13', '--site', 'A', '--type', 'CCS')).toEqual(['13: assigned.']);
    expect(await run('assign', '13', '--site', 'A')).toEqual(['13: assigned.', '12: holds no more at A.']);
    expect(await run('assign', '13', '--site', 'A')).toEqual(['13: assigned.']);
    expect(assignments).toEqual([
      { tariffId: '13', siteId: 'A' },
      { tariffId: '13', siteId: 'A', connectorType: 'CCS' },
    ]);
  });

  it('refuses a time in which the tariff would never hold', async () => {
    const { run, assignments } = setting();
    await run('import', await file([ocpi('12'), { ...ocpi('13'), end_date_time: '2026-06-01T00:00:00Z' }]));
    const [first, second] = ['2026-10-01T00:00:00Z', '2027-10-01T00:00:00Z'];
    await expect(run('assign', '12', '--site', 'A', '--from', second, '--until', first)).rejects.toThrow(
      '12 would never hold from 2027-10-01T00:00:00.000Z until 2026-10-01T00:00:00.000Z',
    );
    await expect(run('assign', '12', '--site', 'A', '--from', first, '--until', first)).rejects.toThrow('never hold');
    await expect(run('assign', '13', '--site', 'A', '--from', first, '--until', second)).rejects.toThrow(
      '13 would never hold from 2026-10-01T00:00:00.000Z until 2027-10-01T00:00:00.000Z: ' +
        'its own time is until 2026-06-01T00:00:00.000Z',
    );
    expect(assignments).toEqual([]);
  });

  it('tells an unknown site, station, connector type and tariff', async () => {
    const { run, assignments } = setting();
    await run('import', await file(ocpi('12')));
    await expect(run('assign', '12', '--site', 'B')).rejects.toThrow('No station is registered at site B.');
    await expect(run('assign', '12', '--station', 'S9')).rejects.toThrow('S9 is not registered.');
    await expect(run('assign', '12', '--type', 'Type2')).rejects.toThrow('No connector there is of type Type2');
    await expect(run('assign', '12', '--site', 'A', '--station', 'S1')).rejects.toThrow('--station or --site');
    await expect(run('assign', '12', '--site', '')).rejects.toThrow('--site is empty');
    await expect(run('unassign', '12', '--station', '')).rejects.toThrow('--station is empty');
    await expect(run('assign', 'x')).rejects.toThrow('There is no tariff x');
    await expect(run('import', await file(ocpi('14')), '--site', 'A')).rejects.toThrow('import has no --site');
    await expect(run('list', 'A')).rejects.toThrow('"A" is one word too many');
    expect(assignments).toEqual([]);
    expect(await run('assign', '12', '--station', 'S1', '--type', 'CCS')).toEqual(['12: assigned.']);
  });

  it('refuses by name what it cannot apply, and takes nothing of such a file', async () => {
    const { run, tariffs } = setting();
    const reserved = ocpi('15');
    Object.assign(reserved.elements[0] ?? {}, { restrictions: { reservation: 'RESERVATION' } });
    await expect(run('import', await file([ocpi('12'), reserved]))).rejects.toThrow(
      'Tariff 15: elements[0].restrictions.reservation prices a reservation',
    );
    await expect(run('import', await file({ ...ocpi('12'), currency: 'EUX' }))).rejects.toThrow('EUX');
    await expect(run('import', await file([ocpi('12'), ocpi('12')]))).rejects.toThrow('twice');
    await expect(run('import', await file(ocpi('12')), '--currency', 'USD')).rejects.toThrow('leave out --id');
    await expect(run('add', await file({ tariffId: 'x' }))).rejects.toThrow('elements must hold at least one');
    const component = { kind: 'energy', price: '-1' };
    const negative = { tariffId: 'x', currency: 'EUR', elements: [{ components: [component] }] };
    await expect(run('add', await file(negative))).rejects.toThrow('elements[0].components[0].price is no price');
    expect(tariffs).toEqual([]);
  });
});
