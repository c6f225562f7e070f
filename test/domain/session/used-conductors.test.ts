import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../domain/kernel/fact.ts';
import { usedConductors } from '../../../domain/session/used-conductors.ts';

const reading = (
  powerW: number,
  currentByPhaseA: Readonly<Record<string, number>>,
  more: Partial<Reading> = {},
): Reading => ({
  context: 'periodic',
  powerW,
  powerSource: 'measured',
  currentByPhaseA,
  ...more,
});

describe('the conductors a car draws from', () => {
  it('are told by their currents, whether the others are told as nothing or not at all', () => {
    expect([
      usedConductors(reading(3_680, { L1: 16, L2: 0.2, L3: 0 })),
      usedConductors(reading(3_680, { L1: 16 })),
      usedConductors(reading(3_680, { L2: 16 })),
      usedConductors(reading(7_360, { L1: 16, L2: 16, L3: 0 })),
    ]).toEqual([[1], [1], [2], [1, 2]]);
  });

  it('are all of them where three carry current, or where the currents told explain only a part of the power', () => {
    expect([
      usedConductors(reading(11_040, { L1: 16, L2: 16, L3: 16 }), [1]),
      usedConductors(reading(11_040, { L1: 16 }), [1]),
    ]).toEqual([undefined, undefined]);
  });

  it('stay as they are known by a reading that cannot tell', () => {
    expect([
      usedConductors(reading(900, { L1: 4, L2: 0, L3: 0 })),
      usedConductors(reading(900, { L1: 1.3, L2: 1.3, L3: 1.3 }), [1]),
      usedConductors(reading(3_680, { L1: 16 }, { powerSource: 'voltage-current' })),
      usedConductors({ context: 'periodic', powerW: 3_680, powerSource: 'measured' }, [1]),
    ]).toEqual([undefined, [1], undefined, [1]]);
  });
});
