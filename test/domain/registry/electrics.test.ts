import { describe, expect, it } from 'vitest';
import {
  electricsOf,
  electricsOfConnector,
  gridPhasesOf,
  maximumWOf,
  minimumWOf,
  nominalVoltageV,
  phaseRotations,
} from '../../../domain/registry/electrics.ts';

const type2 = (ratedW: number, stated: Parameters<typeof electricsOf>[1] = {}) => {
  const rated = { connectorType: 'Type2', ratedW };
  return { ...rated, electrics: electricsOf(rated, stated) };
};

describe('the electrics of a connector', () => {
  it.each([
    ['Type2', 3_700, 'AC', 1],
    ['Type2', 7_400, 'AC', 1],
    ['Type2', 11_000, 'AC', 3],
    ['Type2', 43_000, 'AC', 3],
    ['Type1', 11_500, 'AC', 1],
    ['CCS', 50_000, 'DC', 3],
    ['unregistered', 0, 'AC', 1],
  ])('of a %s of %i W are assumed: %s on %i phases', (connectorType, ratedW, current, phases) => {
    expect(electricsOf({ connectorType, ratedW })).toMatchObject({ current, phases, phaseRotation: 'RST' });
  });

  it('are assumed for an entry from before they were kept', () => {
    const rated = { connectorType: 'CCS', ratedW: 50_000 };
    expect(electricsOfConnector(rated)).toEqual(electricsOf(rated));
  });

  it.each([
    ['one phase hangs on the first letter', { phases: 1, phaseRotation: 'TRS' }, ['L3']],
    ['three phases in the order of the letters', { phases: 3, phaseRotation: 'STR' }, ['L2', 'L3', 'L1']],
  ] as const)('say which phases of the grid carry it: %s', (_, wired, expected) => {
    expect(gridPhasesOf(wired)).toEqual(expected);
  });

  it('name every phase once, whatever the rotation', () => {
    for (const phaseRotation of phaseRotations)
      expect(gridPhasesOf({ phases: 3, phaseRotation }).toSorted()).toEqual(['L1', 'L2', 'L3']);
  });

  it.each([
    ['6 A on one phase', type2(7_400), 1_380, 7_400],
    ['6 A on three phases', type2(22_000), 4_140, 22_000],
    ['a cable that bears less than the rating', type2(22_000, { ratedA: 16 }), 4_140, 11_040],
    ['a cable that bears more than the rating', type2(11_000, { ratedA: 32 }), 4_140, 11_000],
    ['240 V', type2(7_600, { voltageV: 240 }), 1_440, 7_600],
    ['direct current', { connectorType: 'CCS', ratedW: 150_000 }, 2_000, 150_000],
  ])('bound the power: %s', (_, connector, minimumW, maximumW) => {
    expect([minimumWOf(connector), maximumWOf(connector)]).toEqual([minimumW, maximumW]);
  });

  it.each([
    ['alternating current as usual', type2(22_000), 230],
    ['alternating current as registered', type2(7_600, { voltageV: 240 }), 240],
    ['direct current', { connectorType: 'CCS', ratedW: 150_000 }, 400],
    ['direct current behind a supply of its own', type2(50_000, { current: 'DC', voltageV: 277 }), 400],
  ])('say at which voltage it delivers: %s', (_, connector, voltageV) => {
    expect(nominalVoltageV(connector)).toBe(voltageV);
  });
});
