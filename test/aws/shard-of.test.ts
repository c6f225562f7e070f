import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STATUS_SHARDS, shardsOfStatus, statusShard } from '../../aws/dynamodb/connector-item.ts';

const namings: Readonly<Record<string, (index: number) => string>> = {
  'counted from one': (index) => `CP-${index + 1}`,
  'counted in tens, with zeros before': (index) => `STATION-${String(index * 10).padStart(6, '0')}`,
  'serial numbers in hexadecimal, every sixteenth': (index) => (0x4f_a0_00 + 16 * index).toString(16).toUpperCase(),
  'site and number': (index) => `site-${Math.floor(index / 4)}-charger-${index % 4}`,
};

describe('the parts of a status in its index', () => {
  it.each(Object.keys(namings))('take about as many stations each, whose ids are %s', (naming) => {
    const nameOf = namings[naming] ?? String;
    const ids = Array.from({ length: 10_000 }, (_, index) => nameOf(index));
    const parts = Map.groupBy(ids, (stationId) => statusShard({ status: 'available', stationId }));
    expect([...parts.keys()].sort()).toEqual(shardsOfStatus('available'));
    expect(parts.size).toBe(STATUS_SHARDS);
    for (const { length } of parts.values()) expect(Math.abs(length - 2_500)).toBeLessThan(250);
  });

  it('are among those a reader asks for, whatever the station is called', () => {
    fc.assert(
      fc.property(fc.string(), (stationId) => {
        expect(shardsOfStatus('charging')).toContain(statusShard({ status: 'charging', stationId }));
      }),
    );
  });
});
