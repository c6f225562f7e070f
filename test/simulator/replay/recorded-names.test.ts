import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTopicSafe } from '../../../domain/registry/is-station-id.ts';
import { connectorNumbers } from '../../../simulator/replay/connector-numbers.ts';
import type { RecordedRow } from '../../../simulator/replay/recorded-row.ts';
import { stationIds } from '../../../simulator/replay/station-ids.ts';

const row = (connector: string, startMin = 0, endMin = startMin): RecordedRow => ({
  ...{ id: 'A', site: '', stationId: 'S', equipment: '', energyKwh: 1 },
  ...{ connector, startAt: startMin * 60_000, endAt: endMin * 60_000 },
});
const numbers = (rows: readonly RecordedRow[]) => {
  const found = connectorNumbers(rows);
  return rows.map((one) => found.get(one));
};

describe('the ids recorded stations are sent under', () => {
  it('keeps an id that OCPP can carry, and makes one of any other', () => {
    const recorded = ['51250', 'Main St / Bay 2', 'Kärnten:Nord', 'Main-St-Bay-2', '???', 'x'.repeat(60)];
    const sent = stationIds(recorded);
    expect(recorded.slice(0, 5).map((name) => sent.get(name))).toEqual([
      '51250',
      expect.stringMatching(/^Main-St-Bay-2-[0-9A-F]{8}$/),
      'Karnten-Nord',
      'Main-St-Bay-2',
      'station',
    ]);
    expect(sent.get('x'.repeat(60))).toMatch(/^x{39}-[0-9A-F]{8}$/);
  });

  it('gives every station an id of its own that OCPP and MQTT can carry', () => {
    const name = fc.oneof(
      fc.string({ minLength: 1, maxLength: 70, unit: 'grapheme' }),
      fc.stringMatching(/^[a /-]{1,6}$/),
    );
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 20 }), (recorded) => {
        const sent = stationIds(recorded);
        const ids = recorded.map((one) => sent.get(one) ?? '');
        expect(new Set(ids).size).toBe(recorded.length);
        expect(ids.filter((id) => !isTopicSafe(id))).toEqual([]);
      }),
    );
  });
});

describe('the numbers of recorded connectors', () => {
  it('are those of the file where it numbers them', () => {
    expect(numbers([row('2'), row('1'), row('2')])).toEqual([2, 1, 2]);
  });

  it('follow the order of names that are no numbers', () => {
    expect(numbers([row('Right'), row('Left 10'), row('Left 9')])).toEqual([3, 2, 1]);
  });

  it('are as few as sessions at the same time allow where the file names none', () => {
    expect(numbers([row('', 0, 60), row('', 30, 90), row('', 60, 120), row('', 100, 110)])).toEqual([1, 2, 1, 2]);
  });
});
