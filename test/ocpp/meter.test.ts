import { describe, expect, it } from 'vitest';
import type { Fact } from '../../domain/kernel/fact.ts';
import { normaliseCall } from './gateway.ts';

type Value = Record<string, unknown>;

const stamp = '2026-11-20T11:59:00Z';
const energy = (value: unknown, more: Value = {}): Value => ({ value, unit: 'Wh', ...more });
const power = (value: unknown, more: Value = {}): Value => ({
  value,
  measurand: 'Power.Active.Import',
  unit: 'W',
  ...more,
});
const current = (value: unknown, phase?: string): Value => ({
  value,
  measurand: 'Current.Import',
  ...(phase ? { phase } : {}),
});
const voltage = (value: unknown, phase?: string): Value => ({
  value,
  measurand: 'Voltage',
  ...(phase ? { phase } : {}),
});

const readingOf = (fact: Fact) => {
  if (fact.type !== 'MeterSampled') throw new Error(`${fact.type} is no sample`);
  return fact.reading;
};

const hearValues = (...sampledValue: Value[]) => {
  const meterValue = [{ timestamp: stamp, sampledValue }];
  const { facts, warnings } = normaliseCall('MeterValues', { connectorId: 1, transactionId: 7, meterValue });
  return { readings: facts.map(readingOf), codes: warnings.map(({ code }) => code) };
};

const reading = (...values: Value[]) => hearValues(...values).readings[0];

describe('units', () => {
  it.each(['', 'null', 'None', 'n/a'])("are the specification's defaults where every word is %j", (nothing) => {
    const words = { measurand: nothing, unit: nothing, phase: nothing, location: nothing, context: nothing };
    const { readings, codes } = hearValues({ value: '5', ...words }, power('7', { phase: nothing, location: nothing }));
    expect(readings).toEqual([{ context: 'periodic', energyWh: 5, powerW: 7, powerSource: 'measured' }]);
    expect(codes.filter((code) => code !== 'unknown-value')).toEqual([]);
  });

  it("default to the specification's: import register, Wh, outlet, periodic", () => {
    expect(hearValues({ value: '1234' })).toEqual({ readings: [{ context: 'periodic', energyWh: 1234 }], codes: [] });
  });

  it.each([
    [energy('1.5', { unit: 'kWh' }), { energyWh: 1500 }],
    [energy('2', { unit: 'KWH' }), { energyWh: 2000 }],
    [energy('2', { unit: '' }), { energyWh: 2 }],
    [energy('3', { measurand: 'Energy.Active.Export.Register' }), { exportWh: 3 }],
    [energy('0.25', { measurand: 'Energy.Active.Import.Interval', unit: 'kWh' }), { intervalWh: 250 }],
    [power('3.5', { unit: 'kW' }), { powerW: 3500, powerSource: 'measured' }],
    [power('22000', { measurand: 'Power.Offered' }), { offeredW: 22_000 }],
    [{ value: '16', measurand: 'Current.Offered', unit: 'A' }, { offeredA: 16 }],
    [{ value: '80', measurand: 'SoC', unit: 'Percent', location: 'EV' }, { socPercent: 80 }],
    [{ value: '212', measurand: 'Temperature', unit: 'Fahrenheit' }, { temperatureC: 100 }],
    [{ value: '300.15', measurand: 'Temperature', unit: 'K' }, { temperatureC: 27 }],
    [{ value: '27', measurand: 'Temperature', unit: 'Celcius', location: 'Body' }, { temperatureC: 27 }],
    [{ value: '49.98', measurand: 'Frequency' }, { frequencyHz: 49.98 }],
  ])('%j is %j', (value, expected) => {
    expect(reading(value)).toEqual({ context: 'periodic', ...expected });
  });

  it('of 2.x carry a multiplier and numbers, whose float32 artefacts go', () => {
    const sampledValue = [
      { value: 12.345, unitOfMeasure: { unit: 'Wh', multiplier: 3 } },
      { value: 500.37957763671875, measurand: 'Power.Active.Import' },
      { value: 2.1050000190734863, measurand: 'Current.Import', phase: 'L1' },
    ];
    const { facts, warnings } = normaliseCall(
      'MeterValues',
      { evseId: 1, meterValue: [{ timestamp: stamp, sampledValue }] },
      { ocpp: '2.0.1' },
    );
    expect([facts.map(readingOf), warnings]).toEqual([
      [
        {
          context: 'periodic',
          energyWh: 12_345,
          powerW: 500.4,
          powerSource: 'measured',
          currentA: 2.105,
          currentByPhaseA: { L1: 2.105 },
        },
      ],
      [],
    ]);
  });

  it.each([
    [energy('5', { unit: 'varh' }), 'unknown-unit'],
    [power('5', { unit: 'Wh' }), 'unknown-unit'],
    [power('5', { unit: 'constructor' }), 'unknown-unit'],
    [{ value: '5', measurand: 'Vendor.Mood' }, 'unknown-measurand'],
    [{ value: '5', measurand: '__proto__' }, 'unknown-measurand'],
    [power('-500'), 'value-implausible'],
    [power('-5', { measurand: 'Power.Offered' }), 'value-implausible'],
    [energy('-4076000'), 'value-implausible'],
    [energy('1e300'), 'value-implausible'],
    [{ value: '101', measurand: 'SoC' }, 'value-implausible'],
  ])('that make no sense leave the value out: %j', (value, code) => {
    const { readings, codes } = hearValues(value);
    const others = readings.filter(({ registerRefused }) => !registerRefused);
    expect([others, codes.includes(code as never)]).toEqual([[], true]);
  });

  it('a thousandfold off are put right by V x A', () => {
    const { readings, codes } = hearValues(power('3.5'), voltage('230'), current('15.2'));
    expect([readings[0]?.powerW, codes]).toEqual([3500, ['unit-suspect']]);
    expect(reading(power('3500', { unit: 'kW' }), voltage('230'), current('15.2'))?.powerW).toBe(3500);
    expect(reading(power('1200'), voltage('230'), current('15.2'))?.powerW).toBe(1200);
  });

  it('that belong to measurands we do not use give no reading and no warning', () => {
    expect(
      hearValues(
        { value: '0.98', measurand: 'Power.Factor' },
        { value: '5', measurand: 'Energy.Reactive.Import.Register', unit: 'varh' },
      ),
    ).toEqual({ readings: [], codes: [] });
  });
});

describe('values', () => {
  it.each(['', ' ', 'NaN', 'null', 'Infinity', '1,234', '1.234,5', '0x10', '12 V', '--', '1e'])(
    '%j is no number',
    (value) => {
      const { readings, codes } = hearValues(power(value));
      expect([readings, codes]).toEqual([[], ['value-unreadable']]);
    },
  );

  it.each([[null], [undefined], [{}], [[]], [true]])('%j is no number', (value) => {
    const { readings, codes } = hearValues(energy(value));
    expect([readings, codes.includes('value-unreadable')]).toEqual([[], true]);
  });

  it.each(['NaN', '1,234', '12 V', '--'])(
    '%j of the import register are left out, and the reading says so',
    (value) => {
      expect(hearValues(energy(value))).toEqual({
        readings: [{ context: 'periodic', registerRefused: true }],
        codes: ['value-unreadable'],
      });
    },
  );

  it.each(['', 'null'])('%j of the import register tell nothing', (value) => {
    expect(hearValues(energy(value)).readings).toEqual([]);
  });

  it('with a decimal comma are read, with a warning', () => {
    expect(hearValues(energy('1,5', { unit: 'kWh' }))).toEqual({
      readings: [{ context: 'periodic', energyWh: 1500 }],
      codes: ['comma-decimal'],
    });
  });

  it.each([' 5 ', '+5', '5.', '5.0', '.5e1', '05'])('%j is five', (value) => {
    expect(reading(energy(value))?.energyWh).toBe(5);
  });

  it('sent as numbers in 1.6 are read all the same', () => {
    expect(hearValues(energy(5))).toEqual({
      readings: [{ context: 'periodic', energyWh: 5 }],
      codes: ['schema-violation'],
    });
  });

  it.each([['1e300'], ['9007199254740993'], ['-5'], ['1e13']])(
    '%s Wh, which no meter shows, is left out, and the reading says so',
    (value) => {
      expect(hearValues(energy(value))).toEqual({
        readings: [{ context: 'periodic', registerRefused: true }],
        codes: ['value-implausible'],
      });
    },
  );

  it.each([
    ['energyWh', energy('5e-324')],
    ['powerW', power('1e-200')],
    ['currentA', current('5e-324')],
    ['voltageV', voltage('5e-324', 'L1')],
  ])('less than a meter shows are 0, with a warning (%s)', (quantity, value) => {
    const { readings, codes } = hearValues(value);
    expect([readings, codes]).toEqual([
      [expect.objectContaining({ [quantity]: 0 })],
      expect.arrayContaining(['value-implausible']),
    ]);
  });

  it.each([power('-4'), power('-0.02', { unit: 'kW' }), power('-99.9', { phase: 'L1' })])(
    'of imported power a little below 0 are 0, with a warning: %j',
    (value) => {
      expect(hearValues(value)).toMatchObject({
        readings: [{ context: 'periodic', powerW: 0 }],
        codes: ['value-implausible'],
      });
    },
  );

  it('whose sum over the phases no meter shows are left out, though each of them could be', () => {
    const phases = ['L1', 'L2', 'L3'].map((phase) => energy('9e11', { phase }));
    expect(hearValues(...phases)).toEqual({
      readings: [{ context: 'periodic', registerRefused: true }],
      codes: ['register-per-phase', 'value-implausible'],
    });
  });

  it('that follow from V x A, or from two registers a moment apart, are bounded like those of a meter', () => {
    expect(reading(current('90000', 'L1'), voltage('90000', 'L1'))).not.toHaveProperty('powerW');
    const meterValue = [
      { timestamp: '2026-11-20T11:59:00.000Z', sampledValue: [energy('0')] },
      { timestamp: '2026-11-20T11:59:00.001Z', sampledValue: [energy('1e12')] },
    ];
    const { facts } = normaliseCall('MeterValues', { connectorId: 1, transactionId: 7, meterValue });
    expect(facts.map(readingOf).some((found) => 'powerW' in found)).toBe(false);
  });

  it('that are signed are never parsed', () => {
    expect(hearValues({ value: '12345', format: 'SignedData' })).toEqual({
      readings: [{ context: 'periodic', signed: true }],
      codes: ['no-energy-no-power'],
    });
  });
});

describe('phases', () => {
  it('are summed for energy, power and current where there is no total', () => {
    const values = ['L1', 'L2', 'L3'].flatMap((phase) => [
      energy('100', { phase }),
      power('1000', { phase }),
      current('5', phase),
    ]);
    expect(hearValues(...values)).toEqual({
      readings: [
        {
          context: 'periodic',
          energyWh: 300,
          powerW: 3000,
          powerSource: 'phases',
          currentA: 15,
          currentByPhaseA: { L1: 5, L2: 5, L3: 5 },
        },
      ],
      codes: ['register-per-phase'],
    });
  });

  it('are never added to a total', () => {
    const values = ['L1', 'L2', 'L3'].map((phase) => power('1000', { phase }));
    expect(reading(power('3000'), ...values)).toMatchObject({ powerW: 3000, powerSource: 'measured' });
    expect(reading(energy('500'), energy('100', { phase: 'L1' }))?.energyWh).toBe(500);
  });

  it('of voltage give a mean; line-to-line voltages stay apart', () => {
    const values = [voltage('230', 'L1-N'), voltage('231', 'L2-N'), voltage('232', 'L3-N'), voltage('400', 'L1-L2')];
    expect(reading(...values)).toEqual({
      context: 'periodic',
      voltageV: 231,
      voltageByPhaseV: { L1: 230, L2: 231, L3: 232, 'L1-L2': 400 },
    });
    expect(
      reading(voltage('400', 'L1-L2'), voltage('400', 'L2-L3'), voltage('400', 'L3-L1'))?.voltageV,
    ).toBeUndefined();
  });

  it('with a phantom voltage do not count in the mean, unless they carry current', () => {
    expect(hearValues(voltage('238', 'L1'), voltage('118', 'L2'), current('14', 'L1'), power('3300'))).toMatchObject({
      readings: [{ voltageV: 238 }],
      codes: ['phantom-voltage'],
    });
    expect(reading(voltage('240', 'L1'), voltage('120', 'L2'), current('5', 'L2'))?.voltageV).toBe(180);
    expect(hearValues(voltage('230', 'L1'), voltage('0', 'L2'), energy('5'))).toMatchObject({
      readings: [{ voltageV: 230 }],
      codes: [],
    });
  });

  it('named N count as the load where no other phase is reported, and not otherwise', () => {
    expect(hearValues(current('15.6', 'N'), power('3500'))).toMatchObject({
      readings: [{ currentA: 15.6 }],
      codes: ['neutral-as-phase'],
    });
    expect(reading(current('10', 'L1'), current('3', 'N'))).toMatchObject({
      currentA: 10,
      currentByPhaseA: { L1: 10 },
    });
  });
});

describe('power that was not reported', () => {
  it.each([
    [
      'each conductor with its own voltage',
      [voltage('230', 'L1'), voltage('240', 'L2'), current('10', 'L1'), current('5', 'L2')],
      3500,
    ],
    ['direct current', [voltage('587.2'), current('37.3')], 21_902.6],
    [
      'a current without phase in three conductors',
      [voltage('230', 'L1-N'), voltage('230', 'L2-N'), voltage('230', 'L3-N'), current('16')],
      11_040,
    ],
    [
      'three line-to-line voltages',
      [
        voltage('400', 'L1-L2'),
        voltage('400', 'L2-L3'),
        voltage('400', 'L3-L1'),
        current('10', 'L1'),
        current('10', 'L2'),
        current('10', 'L3'),
      ],
      6928.2,
    ],
    [
      'split phase: one current in both conductors',
      [voltage('240', 'L1-L2'), current('32', 'L1'), current('32', 'L2')],
      7680,
    ],
  ])('follows from V x A: %s', (_case, values, powerW) => {
    expect(reading(...values)).toMatchObject({ powerW, powerSource: 'voltage-current' });
  });

  it('stays absent where nothing gives it: absent is not 0', () => {
    expect(reading(current('16', 'L1'), energy('5'))?.powerW).toBeUndefined();
    expect(reading(voltage('230'), energy('5'))?.powerW).toBeUndefined();
  });

  it('stays absent while the car discharges: V x A knows no direction', () => {
    expect(reading(power('-3000'), voltage('230'), current('13'))?.powerW).toBeUndefined();
    const exported = { value: '3', measurand: 'Power.Active.Export', unit: 'kW' };
    expect(reading(exported, voltage('230'), current('13'))?.powerW).toBeUndefined();
  });

  it('follows from two registers of one message rather than from V x A', () => {
    const at = (timestamp: string, wh: string) => ({
      timestamp,
      sampledValue: [energy(wh), voltage('230'), current('10')],
    });
    const meterValue = [at('2026-11-20T11:00:00Z', '1000'), at('2026-11-20T11:15:00Z', '1500')];
    const { facts, warnings } = normaliseCall('MeterValues', { connectorId: 1, transactionId: 7, meterValue });
    expect([facts.map(readingOf).map(({ powerW, powerSource }) => [powerW, powerSource]), warnings]).toEqual([
      [
        [2300, 'voltage-current'],
        [2000, 'energy'],
      ],
      [],
    ]);
  });

  it('never is negative: a register that falls within a message is flagged', () => {
    const at = (timestamp: string, wh: string) => ({ timestamp, sampledValue: [energy(wh)] });
    const meterValue = [at('2026-11-20T11:00:00Z', '1000'), at('2026-11-20T11:15:00Z', '20')];
    const { facts, warnings } = normaliseCall('MeterValues', { connectorId: 1, transactionId: 7, meterValue });
    expect([facts.map((fact) => readingOf(fact).powerW), warnings.map(({ code }) => code)]).toEqual([
      [undefined, undefined],
      ['register-not-monotonic'],
    ]);
  });

  it('that disagrees with the registers by a thousand is flagged', () => {
    const at = (timestamp: string, wh: string) => ({ timestamp, sampledValue: [energy(wh), power('4000')] });
    const meterValue = [at('2026-11-20T11:00:00Z', '1'), at('2026-11-20T12:00:00Z', '5')];
    const { facts, warnings } = normaliseCall('MeterValues', { connectorId: 1, transactionId: 7, meterValue });
    expect([facts.map((fact) => readingOf(fact).powerW), warnings.map(({ code }) => code)]).toEqual([
      [4000, 4000],
      ['unit-suspect'],
    ]);
  });
});

describe('contexts', () => {
  it('of the beginning and of now are two readings, the beginning first', () => {
    const values = [
      energy('163630', { context: 'Sample.Periodic' }),
      energy('157440', { context: 'Transaction.Begin' }),
    ];
    expect(hearValues(...values)).toEqual({
      readings: [
        { context: 'begin', energyWh: 157_440 },
        { context: 'periodic', energyWh: 163_630 },
      ],
      codes: [],
    });
  });

  it('that contradict each other are flagged', () => {
    const values = [energy('5', { context: 'Sample.Periodic' }), energy('9', { context: 'Transaction.Begin' })];
    expect(hearValues(...values).codes).toEqual(['begin-above-current']);
  });

  it('named on half of the values hold for all of them', () => {
    expect(hearValues(energy('5', { context: 'Trigger' }), power('0'))).toMatchObject({
      readings: [{ context: 'trigger', energyWh: 5, powerW: 0 }],
    });
  });

  it('of the vendor\'s own are "other"', () => {
    expect(hearValues(energy('5', { context: 'Sample.Weekly' }))).toMatchObject({
      readings: [{ context: 'other' }],
      codes: ['unknown-value'],
    });
  });
});

describe('meter values of one stamp in one message', () => {
  const hearApart = (...values: Value[]) => {
    const meterValue = values.map((value) => ({ timestamp: stamp, sampledValue: [value] }));
    const { facts, warnings } = normaliseCall('MeterValues', { connectorId: 1, transactionId: 7, meterValue });
    return { readings: facts.map(readingOf), codes: warnings.map(({ code }) => code) };
  };
  const perPhase = (value: (phase: string) => Value) => ['L1', 'L2', 'L3'].map(value);

  it.each<[string, Value[]]>([
    ['power per phase', perPhase((phase) => power('3500', { phase }))],
    ['a register per phase', perPhase((phase) => energy('100000', { phase }))],
    ['voltage and current', [voltage('230', 'L1'), current('16', 'L1')]],
    ['a state of charge, then power', [{ value: '50', measurand: 'SoC', unit: 'Percent' }, power('3500')]],
    [
      'the registers of the beginning and of now',
      ['Transaction.Begin', 'Trigger'].map((context) => energy('5', { context })),
    ],
    ['a value and a signed one', [energy('5'), { value: '12345', format: 'SignedData' }]],
  ])('are one reading where each tells something else: %s', (_case, values) => {
    expect(hearApart(...values)).toEqual(hearValues(...values));
  });

  it.each<[string, Value[]]>([
    ['the same', [power('3500'), power('3600')]],
    ['the same without a context', [energy('5'), energy('6', { context: 'Transaction.End' })]],
  ])('are readings of their own where they tell %s', (_case, values) => {
    expect(hearApart(...values).readings).toEqual(values.flatMap((value) => hearValues(value).readings));
  });

  it('are readings of their own where their stamps differ', () => {
    const meterValue = perPhase((phase) => power('3500', { phase })).map((value, index) => ({
      timestamp: `2026-11-20T11:5${index}:00Z`,
      sampledValue: [value],
    }));
    const { facts } = normaliseCall('MeterValues', { connectorId: 1, transactionId: 7, meterValue });
    expect(facts.map((fact) => readingOf(fact).powerW)).toEqual([3500, 3500, 3500]);
  });
});

describe('places and registers', () => {
  it('other than the outlet serve when nothing else does', () => {
    expect(hearValues(power('1', { location: 'Inlet' }), power('2', { location: 'Outlet' }))).toMatchObject({
      readings: [{ powerW: 2 }],
      codes: [],
    });
    expect(hearValues(power('1', { location: 'Inlet' }))).toMatchObject({
      readings: [{ powerW: 1 }],
      codes: ['location-not-outlet'],
    });
  });

  it('of two different values for the same thing the later one counts, with a warning', () => {
    expect(hearValues(power('1'), power('2'))).toMatchObject({ readings: [{ powerW: 2 }], codes: ['two-values'] });
  });

  it('at 0 outside a transaction are suspect', () => {
    const meterValue = [{ timestamp: stamp, sampledValue: [energy('0')] }];
    expect(normaliseCall('MeterValues', { connectorId: 1, meterValue }).warnings).toMatchObject([
      { code: 'register-zero' },
    ]);
    expect(normaliseCall('MeterValues', { connectorId: 1, transactionId: 7, meterValue }).warnings).toEqual([]);
  });

  it.each([0, -1])('with transactionId %j stand without one', (transactionId) => {
    const meterValue = [{ timestamp: stamp, sampledValue: [energy('5')] }];
    const { facts } = normaliseCall('MeterValues', { connectorId: 1, transactionId, meterValue });
    expect(facts).toEqual([expect.not.objectContaining({ transactionId: expect.anything() })]);
  });

  it('of connector 0 and of EVSE 0 are the main meter', () => {
    const meterValue = [{ timestamp: stamp, sampledValue: [{ value: 5 }] }];
    expect(normaliseCall('MeterValues', { connectorId: 0, meterValue }).facts).toMatchObject([
      { evseId: 0, connectorId: 0 },
    ]);
    expect(normaliseCall('MeterValues', { evseId: 0, meterValue }, { ocpp: '2.0.1' }).facts).toMatchObject([
      { evseId: 0, connectorId: 0 },
    ]);
  });

  it('of an EVSE in 2.x name no connector: missing is not 1', () => {
    const meterValue = [{ timestamp: stamp, sampledValue: [{ value: 5 }] }];
    const [fact] = normaliseCall('MeterValues', { evseId: 2, meterValue }, { ocpp: '2.0.1' }).facts;
    expect(fact).toEqual(expect.not.objectContaining({ connectorId: expect.anything() }));
  });
});
