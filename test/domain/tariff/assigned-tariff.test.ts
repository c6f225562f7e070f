import { describe, expect, it } from 'vitest';
import { assignedTariff } from '../../../domain/tariff/assigned-tariff.ts';
import type { Tariff, TariffAssignment } from '../../../domain/tariff/tariff.ts';

const tariff = (tariffId: string): Tariff => ({ tariffId, currency: 'EUR', elements: [] });
const place = { stationId: 'S1', siteId: 'A', connectorType: 'CCS' };
const chosen = (assignments: readonly TariffAssignment[], at = 1000) =>
  assignedTariff({ tariffs: ['a', 'b', 'c'].map(tariff), assignments }, place, at)?.tariffId;

describe('the tariff of a place', () => {
  it('prefers station over site over network, and a connector type within each', () => {
    const network = { tariffId: 'a' };
    const site = { tariffId: 'b', siteId: 'A' };
    expect([
      chosen([network, site]),
      chosen([network, site, { tariffId: 'c', siteId: 'A', connectorType: 'CCS' }]),
      chosen([
        { tariffId: 'c', stationId: 'S1' },
        { tariffId: 'b', siteId: 'A', connectorType: 'CCS' },
      ]),
      chosen([network, { tariffId: 'b', siteId: 'elsewhere' }, { tariffId: 'c', connectorType: 'Type2' }]),
    ]).toEqual(['b', 'c', 'c', 'a']);
  });

  it('knows from when and until when', () => {
    const assignments = [
      { tariffId: 'a', validUntil: 1000 },
      { tariffId: 'b', validFrom: 1000 },
    ];
    expect([chosen(assignments, 999), chosen(assignments, 1000)]).toEqual(['a', 'b']);
  });

  it('passes over a tariff that is not yet or no longer valid when the session starts', () => {
    const tariffs = [
      { ...tariff('old'), validUntil: 1000 },
      { ...tariff('new'), validFrom: 1000 },
    ];
    const assignments = [{ tariffId: 'old', siteId: 'A' }, { tariffId: 'new' }];
    const at = (startedAt: number) => assignedTariff({ tariffs, assignments }, place, startedAt)?.tariffId;
    expect([at(999), at(1000)]).toEqual(['old', 'new']);
    expect(assignedTariff({ tariffs, assignments: assignments.slice(0, 1) }, place, 1000)).toBeUndefined();
  });

  it('prices nothing where nothing is assigned, and says so when a tariff is missing', () => {
    expect(chosen([])).toBeUndefined();
    expect(() => chosen([{ tariffId: 'gone' }])).toThrow('Tariff gone is assigned but does not exist');
  });
});
