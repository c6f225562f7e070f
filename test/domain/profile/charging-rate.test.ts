import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastW, rateW, type Supply, unitFor, writtenRate } from '../../../domain/profile/charging-rate.ts';

const threePhase: Supply = { current: 'AC', voltageV: 230, phases: 3 };
const onePhase: Supply = { current: 'AC', voltageV: 230, phases: 1 };
const direct: Supply = { current: 'DC', voltageV: 230, phases: 3 };

describe('a rate as a station takes it', () => {
  it('is written in amperes with the number of phases for alternating current, rounded down to 0.1', () => {
    expect(writtenRate({ limitW: 7_360 }, 'A', onePhase)).toEqual({
      unit: 'A',
      limit: 32,
      numberPhases: 1,
      limitW: 7_360,
    });
    expect(writtenRate({ limitW: 7_360 }, 'A', threePhase)).toEqual({
      unit: 'A',
      limit: 10.6,
      numberPhases: 3,
      limitW: 10.6 * 690,
    });
  });

  it('is written in watts without phases for direct current', () => {
    expect(writtenRate({ limitW: 50_000.07 }, 'W', direct)).toEqual({ unit: 'W', limit: 50_000, limitW: 50_000 });
  });

  it('is never between nothing and six amperes for alternating current', () => {
    const just = { limitW: 4_140 };
    expect(writtenRate(just, 'A', threePhase).limit).toBe(6);
    expect(writtenRate({ limitW: 4_139 }, 'A', threePhase).limit).toBe(0);
    expect(writtenRate({ limitW: 4_139 }, 'A', threePhase, 'minimum').limit).toBe(6);
    expect(writtenRate({ limitW: 4_139 }, 'W', threePhase).limit).toBe(0);
    expect(writtenRate({ limitW: 4_139 }, 'W', threePhase, 'minimum').limit).toBe(4_140);
    expect(writtenRate({ limitW: 0 }, 'A', threePhase, 'minimum').limit).toBe(0);
    expect(writtenRate({ limitW: 1_000 }, 'W', direct).limit).toBe(1_000);
  });

  it('takes six amperes at 240 V on two lines to be 1.44 kW, one phase', () => {
    const split: Supply = { current: 'AC', voltageV: 240, phases: 1 };
    expect(leastW(split)).toBe(1_440);
    expect(writtenRate({ limitW: 7_680 }, 'A', split)).toMatchObject({ limit: 32, numberPhases: 1 });
  });

  it('never allows more than was asked for, is a multiple of 0.1, and loses less than 0.1 of its unit', () => {
    const anySupply = fc.constantFrom(threePhase, onePhase, direct, { ...threePhase, phases: 2 as const });
    const anyUnit = fc.constantFrom('A' as const, 'W' as const);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 400_000, noNaN: true }), anySupply, anyUnit, (limitW, supply, unit) => {
        const written = writtenRate({ limitW }, unit, supply);
        expect(written.limit).toBe(Math.round(10 * written.limit) / 10);
        expect(written.limitW).toBeLessThanOrEqual(limitW + 1e-3);
        if (limitW >= leastW(supply) + 0.1 * 690)
          expect(limitW - written.limitW).toBeLessThan(unit === 'W' ? 0.1001 : 0.1001 * 690);
        expect(written.limit === 0 || supply.current === 'DC' || written.limitW >= leastW(supply) - 1e-6).toBe(true);
        const { limit, numberPhases: phases } = written;
        const read = { ...(unit === 'W' ? { limitW: limit } : { limitA: limit }), ...(phases && { phases }) };
        expect(rateW(read, supply)).toBeCloseTo(written.limitW, 6);
      }),
    );
  });
});

describe('the unit of a profile', () => {
  it.each([
    [threePhase, undefined, 'A'],
    [threePhase, ['W'], 'W'],
    [threePhase, ['A', 'W'], 'A'],
    [direct, undefined, 'W'],
    [direct, ['A', 'W'], 'W'],
    [direct, ['A'], undefined],
    [threePhase, [], undefined],
  ] as const)('for %j at a station that takes %j is %s', (supply, allowed, unit) => {
    expect(unitFor(supply, allowed)).toBe(unit);
  });
});
