import { describe, expect, it } from 'vitest';
import { Problem } from '../../../cli/command-line/problem.ts';
import { recordedRows } from '../../../simulator/replay/recorded-row.ts';

const header =
  'session_id,site,station_id,connector_id,equipment,start_local,end_local,start_utc,end_utc,energy_kwh,flags';
const row = (cells: string) => recordedRows(`${header}\n${cells}\n`);

describe('a file of recorded sessions', () => {
  it('is read row by row, in ms and kWh', () => {
    expect(row('A,"Mill Street, Perth",51250,2,APT,,,2018-10-22T00:16:00Z,2018-10-22T00:47:00Z,14.33,')).toEqual([
      {
        id: 'A',
        site: 'Mill Street, Perth',
        stationId: '51250',
        connector: '2',
        equipment: 'APT',
        startAt: Date.UTC(2018, 9, 22, 0, 16),
        endAt: Date.UTC(2018, 9, 22, 0, 47),
        energyKwh: 14.33,
      },
    ]);
  });

  it('keeps a row whose end or energy cannot be read, without them', () => {
    expect(row('A,S,51250,1,APT,,,2018-10-22T00:16:00Z,soon,n/a,')).toMatchObject([
      { id: 'A', endAt: undefined, energyKwh: undefined },
    ]);
  });

  it.each([
    ['without the columns', 'a,b\n1,2\n', 'The file has no column session_id'],
    ['that is no CSV', `${header}\n"A,S\n`, 'The file is no CSV'],
    ['with a row of no station', `${header}\nA,S,,x,APT,,,,,,\n`, 'Row 1: column station_id'],
  ])('is refused %s, by what is wrong with it', (_, csv, message) => {
    expect(() => recordedRows(csv)).toThrow(Problem);
    expect(() => recordedRows(csv)).toThrow(message);
  });
});
