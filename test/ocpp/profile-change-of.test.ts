import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Payload } from '../../ocpp/payload.ts';
import { profileChangeOf, profileFormatOf } from '../../ocpp/profile-change-of.ts';
import { requestErrors } from '../../ocpp/request-errors.ts';
import { anyProfile } from '../domain/profile/profiles.ts';

const versions = ['1.6', '2.0.1', '2.1'] as const;

const profile16 = (fields: Payload = {}, schedule: Payload = {}, connectorId = 1): Payload => ({
  connectorId,
  csChargingProfiles: {
    chargingProfileId: 5,
    stackLevel: 1,
    chargingProfilePurpose: 'TxDefaultProfile',
    chargingProfileKind: 'Relative',
    ...fields,
    chargingSchedule: {
      chargingRateUnit: 'A',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }],
      ...schedule,
    },
  },
});
const profile201 = (schedules: readonly Payload[], fields: Payload = {}): Payload => ({
  evseId: 1,
  chargingProfile: {
    id: 5,
    stackLevel: 1,
    chargingProfilePurpose: 'TxDefaultProfile',
    chargingProfileKind: 'Relative',
    ...fields,
    chargingSchedule: schedules,
  },
});
const schedule201 = { id: 1, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 7_000 }] };

describe.each(versions)('charging profiles of OCPP %s', (ocpp) => {
  it('are read as they were written, and the schema takes them', () => {
    fc.assert(
      fc.property(anyProfile, (profile) => {
        const payload = profileFormatOf(ocpp).set(profile);
        expect(requestErrors(ocpp, 'SetChargingProfile', payload)).toEqual([]);
        const onTheWire = JSON.parse(JSON.stringify(payload));
        expect(profileChangeOf(ocpp, 'SetChargingProfile', onTheWire)).toEqual({ type: 'set', profile });
      }),
    );
  });

  it.each([
    [{ profileId: 7 }],
    [{}],
    [{ evseId: 0 }],
    [{ evseId: 2, purpose: 'tx' as const, stackLevel: 0 }],
    [{ purpose: 'station-max' as const }],
  ])('are cleared by %j', (selector) => {
    const payload = profileFormatOf(ocpp).clear(selector);
    if (ocpp === '1.6' || Object.keys(selector).length > 0)
      expect(requestErrors(ocpp, 'ClearChargingProfile', payload)).toEqual([]);
    expect(profileChangeOf(ocpp, 'ClearChargingProfile', payload)).toEqual({ type: 'cleared', selector });
  });

  it('are no matter of other commands', () => {
    expect(profileChangeOf(ocpp, 'Reset', {})).toBeUndefined();
  });
});

describe('a profile that somebody else wrote', () => {
  it('is absolute without a start in OCPP 1.6: it begins with the transaction', () => {
    const change = profileChangeOf('1.6', 'SetChargingProfile', profile16({ chargingProfileKind: 'Absolute' }));
    expect(change).toMatchObject({ type: 'set', profile: { schedule: { kind: 'relative' } } });
  });

  it('has its periods in any order', () => {
    const periods = [
      { startPeriod: 60, limit: 10 },
      { startPeriod: 0, limit: 16 },
    ];
    expect(
      profileChangeOf('1.6', 'SetChargingProfile', profile16({}, { chargingSchedulePeriod: periods })),
    ).toMatchObject({ profile: { schedule: { periods: [{ startSec: 0 }, { startSec: 60 }] } } });
  });

  it.each<[string, '1.6' | '2.0.1' | '2.1', Payload]>([
    ['recurs without saying how often', '1.6', profile16({ chargingProfileKind: 'Recurring' })],
    ['limits to less than nothing', '1.6', profile16({}, { chargingSchedulePeriod: [{ startPeriod: 0, limit: -1 }] })],
    ['has no period', '1.6', profile16({}, { chargingSchedulePeriod: [] })],
    ['leaves the choice of a schedule to the vehicle', '2.0.1', profile201([schedule201, { ...schedule201, id: 2 }])],
    [
      'limits the phases differently',
      '2.1',
      profile201([{ ...schedule201, chargingSchedulePeriod: [{ startPeriod: 0, limit: 7_000, limit_L2: 1 }] }]),
    ],
    ['counts by local time', '2.1', profile201([{ ...schedule201, useLocalTime: true }])],
    ['ends when the station is offline', '2.1', profile201([schedule201], { maxOfflineDuration: 60 })],
    ['is updated by others', '2.1', profile201([schedule201], { chargingProfileKind: 'Dynamic' })],
  ])('and %s is one whose effect nobody can tell', (_, ocpp, payload) => {
    expect(profileChangeOf(ocpp, 'SetChargingProfile', payload)).toEqual({
      type: 'unreadable',
      evseId: 1,
      purpose: 'tx-default',
    });
  });

  it('and of a purpose no CSMS sets is not what it clears', () => {
    const chargingProfileCriteria = { chargingProfilePurpose: 'ChargingStationExternalConstraints' };
    expect(profileChangeOf('2.0.1', 'ClearChargingProfile', { chargingProfileCriteria })).toBeUndefined();
  });
});
