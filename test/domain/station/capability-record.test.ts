import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CapabilitiesReported, Fact, StationBooted } from '../../../domain/kernel/fact.ts';
import type { RefusedCapability, ReportedCapabilities } from '../../../domain/kernel/reported-capabilities.ts';
import { type ProfileAbilities, profileFaults } from '../../../domain/profile/written-profile.ts';
import { capabilitiesOf } from '../../../domain/station/capability-record.ts';
import { given } from '../../support/given.ts';
import { minutes, noon, said } from '../../support/station-days.ts';

const at = (minute: number) => said(noon + minutes(minute));

const booted = (minute: number, firmware?: string): StationBooted => ({
  ...at(minute),
  type: 'StationBooted',
  vendor: 'V',
  model: 'M',
  ...(firmware !== undefined && { firmware }),
});

const told = (minute: number, capabilities: ReportedCapabilities, part?: CapabilitiesReported['part']) =>
  ({ ...at(minute), type: 'CapabilitiesReported', capabilities, ...(part && { part }) }) as const;

const refused = (minute: number, what: RefusedCapability) =>
  ({ ...at(minute), type: 'CapabilityRefused', refused: what }) as const;

const known = (...facts: readonly Fact[]) => capabilitiesOf(given(...facts).aggregate.station.state?.capabilities);

const nothing = { report: 'none', refusedPurposes: [], refusedActions: [], hasStationMax: true };

describe('the capabilities of a station', () => {
  it('are unknown before it told any', () => {
    expect(known(booted(0, '1.0'))).toEqual(nothing);
  });

  it('are what it told, with the firmware it ran then', () => {
    const smart = {
      available: { SmartCharging: true, Reservation: false },
      rateUnits: ['A'],
      maxStackLevel: 8,
    } as const;
    expect(known(booted(0, '1.0'), told(1, smart))).toEqual({
      ...nothing,
      firmware: '1.0',
      toldAt: at(1).receivedAt,
      features: ['SmartCharging'],
      rateUnits: ['A'],
      maxStackLevel: 8,
    });
  });

  it('outlive a boot with the same firmware, and one that does not say which', () => {
    const facts = [booted(0, '1.0'), told(1, { maxPeriods: 24 }), booted(2, '1.0'), booted(3)] as const;
    expect(known(...facts)).toMatchObject({ firmware: '1.0', maxPeriods: 24 });
  });

  it('are void after a boot with another firmware, what was refused as well', () => {
    const before = [booted(0, '1.0'), told(1, { maxPeriods: 24 }), refused(2, { kind: 'rateUnit', rateUnit: 'W' })];
    expect(known(...before, booted(3, '2.0'))).toEqual({ ...nothing, firmware: '2.0' });
  });

  it('do not take in what was answered before the other firmware booted', () => {
    const facts = [booted(0, '1.0'), told(1, { maxPeriods: 24 }), booted(3, '2.0'), told(2, { maxPeriods: 12 })];
    expect(known(...facts).maxPeriods).toBeUndefined();
  });

  it('are not corrected by what the other firmware refused', () => {
    const facts = [booted(0, '1.0'), told(1, {}), booted(3, '2.0'), refused(2, { kind: 'rateUnit', rateUnit: 'W' })];
    expect(known(...facts).rateUnits).toBeUndefined();
  });

  it('lack what a command found missing, whatever the station tells afterwards', () => {
    const facts = [
      refused(1, { kind: 'rateUnit', rateUnit: 'W' }),
      refused(2, { kind: 'purpose', purpose: 'station-max' }),
      refused(3, { kind: 'stackLevel', stackLevel: 5 }),
      refused(4, { kind: 'action', action: 'SendLocalList' }),
      told(5, { rateUnits: ['A', 'W'], maxStackLevel: 20 }),
    ];
    expect(known(...facts)).toMatchObject({
      rateUnits: ['A'],
      maxStackLevel: 4,
      refusedPurposes: ['station-max'],
      hasStationMax: false,
      refusedActions: ['SendLocalList'],
    });
  });

  it('know one unit from the refusal of the other', () => {
    expect(known(refused(1, { kind: 'rateUnit', rateUnit: 'W' })).rateUnits).toEqual(['A']);
  });

  it('have no limit of the whole station without smart charging', () => {
    expect(known(told(1, { available: { SmartCharging: false } })).hasStationMax).toBe(false);
    expect(known(told(1, { available: { SmartCharging: true }, enabled: { SmartCharging: false } }))).toMatchObject({
      hasStationMax: false,
      features: [],
    });
  });

  it('record a refusal once', () => {
    const again = refused(2, { kind: 'action', action: 'ReserveNow' });
    const { aggregate } = given(refused(1, { kind: 'action', action: 'ReserveNow' }), again, again);
    expect(aggregate.station.state?.capabilities?.refused).toHaveLength(1);
  });
});

const report = (requestId: number, length: number) =>
  Array.from({ length }, (_, seqNo) =>
    told(
      seqNo,
      {
        evsePhases: { [seqNo]: 3 },
        ...(seqNo % 2 === 0 ? { maxStackLevel: 9 } : { available: { Reservation: true } }),
      },
      { requestId, seqNo, isLast: seqNo === length - 1 },
    ),
  );

describe('a report of many parts', () => {
  const shuffledWithRepeats = fc.integer({ min: 1, max: 12 }).chain((length) => {
    const parts = report(7, length);
    return fc.tuple(
      fc.constant(parts),
      fc
        .array(fc.constantFrom(...parts), { maxLength: 12 })
        .chain((repeats) => fc.shuffledSubarray([...parts, ...repeats], { minLength: parts.length + repeats.length })),
    );
  });

  it('tells the same in any order and with any repeats, and is complete', () => {
    fc.assert(
      fc.property(shuffledWithRepeats, ([parts, messages]) => {
        const { toldAt: _, ...inOrder } = known(...parts);
        const { toldAt: __, ...shuffled } = known(...messages);
        expect(shuffled).toEqual(inOrder);
        expect(shuffled.report).toBe('complete');
      }),
    );
  });

  it('is not complete while a part is missing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.nat(), (length, chosen) => {
        const missing = chosen % length;
        const parts = report(7, length).filter(({ part }) => part?.seqNo !== missing);
        expect(known(...parts).report).toBe('partial');
      }),
    );
  });

  it('leaves another report as it is', () => {
    const [first, second] = [report(1, 3), report(2, 3)];
    const mixed = first.flatMap((part, index) => [part, second[index]].filter((one) => one !== undefined));
    expect(known(...mixed).report).toBe('complete');
    expect(known(...first.slice(1), ...second.slice(1)).report).toBe('partial');
  });

  it('keeps its record small, whatever numbers its parts have', () => {
    const parts = Array.from({ length: 500 }, (_, index) =>
      told(index, {}, { requestId: index, seqNo: 7 * index, isLast: false }),
    );
    const scattered = Array.from({ length: 500 }, (_, index) =>
      told(500, {}, { requestId: 1, seqNo: 7 * index, isLast: false }),
    );
    const { aggregate } = given(...parts, ...scattered);
    expect(JSON.stringify(aggregate.station.state?.capabilities).length).toBeLessThan(1_000);
  });
});

describe('what a station can do', () => {
  it('is what a limit is checked against', () => {
    const abilities: ProfileAbilities = known(told(1, { rateUnits: ['A'], maxPeriods: 1, switchesPhases: true }));
    const supply = { current: 'AC', voltageV: 230, phases: 3 } as const;
    const period = (startSec: number) => ({ startSec, limitW: 11_000 });
    const profile = {
      ...({ purpose: 'station-max', evseId: 0, stackLevel: 1, profileId: 1 } as const),
      schedule: { kind: 'absolute', startAt: 0, periods: [period(0), period(60)] } as const,
    };
    expect(profileFaults(profile, supply, abilities, 0)).toEqual(['The station takes at most 1 periods']);
  });
});
