import { describe, expect, it } from 'vitest';
import { OWN_IDS, ownProfileId } from '../../../domain/profile/own-profile-id.ts';
import type { OcppVersion } from '../../../ocpp/frames/envelope.ts';
import type { Caller } from '../../../use-cases/send-command/request-command.ts';
import {
  clearChargingProfile,
  type ProfileRequest,
  setChargingProfile,
} from '../../../use-cases/send-command/set-charging-profile.ts';
import { givenStation, viewer } from './given-station.ts';

const loop: Caller = { by: 'allocate-site', role: 'operator', origin: 'internal' };
const threePhase = { current: 'AC', voltageV: 230, phases: 3 } as const;
const direct = { current: 'DC', voltageV: 230, phases: 3 } as const;

const setpoint = (over: Partial<ProfileRequest> = {}, profile: Partial<ProfileRequest['profile']> = {}) => ({
  stationId: 'S1',
  discriminator: 'd1',
  why: 'budget',
  supply: threePhase,
  ...over,
  profile: {
    purpose: 'tx',
    evseId: 1,
    stackLevel: 1,
    transactionId: '7',
    validTo: 960_000,
    schedule: { kind: 'absolute', startAt: 60_000, periods: [{ startSec: 0, limitW: 11_050 }] },
    ...profile,
  } as ProfileRequest['profile'],
});
const schedule = (limitW: number, fields: object = {}) => ({
  schedule: { kind: 'absolute' as const, startAt: 60_000, periods: [{ startSec: 0, limitW, ...fields }] },
});

const given = (ocpp: OcppVersion = '1.6') => {
  const station = givenStation(ocpp);
  const set = setChargingProfile(station.ports);
  const sent = () => station.wire.sent.map(({ frame }) => JSON.parse(frame).slice(2));
  return { station, set, clear: clearChargingProfile(station.ports), sent };
};

describe('a limit that is set', () => {
  it('is written for OCPP 1.6 in amperes and phases, rounded down, with an id of our range', async () => {
    const { set, sent } = given();
    const record = await set(setpoint(), loop);
    expect(sent()).toEqual([
      [
        'SetChargingProfile',
        {
          connectorId: 1,
          csChargingProfiles: {
            chargingProfileId: ownProfileId({ purpose: 'tx', evseId: 1, stackLevel: 1 }),
            transactionId: 7,
            chargingProfilePurpose: 'TxProfile',
            stackLevel: 1,
            chargingProfileKind: 'Absolute',
            validTo: '1970-01-01T00:16:00.000Z',
            chargingSchedule: {
              startSchedule: '1970-01-01T00:01:00.000Z',
              chargingRateUnit: 'A',
              chargingSchedulePeriod: [{ startPeriod: 0, limit: 16, numberPhases: 3 }],
            },
          },
        },
      ],
    ]);
    expect(record).toMatchObject({
      state: 'Sent',
      command: { isWrittenHere: true, by: 'allocate-site', why: 'budget' },
    });
  });

  it.each(['2.0.1', '2.1'] as const)('is written for OCPP %s in watts for direct current', async (ocpp) => {
    const { set, sent } = given(ocpp);
    await set(setpoint({ supply: direct }, { transactionId: 'a-b', ...schedule(50_000) }), loop);
    expect(sent()).toMatchObject([
      [
        'SetChargingProfile',
        {
          evseId: 1,
          chargingProfile: {
            chargingProfilePurpose: 'TxProfile',
            transactionId: 'a-b',
            chargingSchedule: [{ chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 50_000 }] }],
          },
        },
      ],
    ]);
  });

  it('is in watts where the station takes no amperes', async () => {
    const { set, sent } = given();
    await set(setpoint({ abilities: { rateUnits: ['W'] } }), loop);
    const [[, payload]] = sent() as [[string, { csChargingProfiles: { chargingSchedule: object } }]];
    expect(payload.csChargingProfiles.chargingSchedule).toMatchObject({
      chargingRateUnit: 'W',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: 11_050, numberPhases: 3 }],
    });
  });

  it('has the same id each time in one place, and another id in every other', () => {
    const places = (['station-max', 'tx-default', 'tx'] as const).flatMap((purpose) =>
      [0, 1, 7, 999].flatMap((stackLevel) => [0, 1, 1_000].map((evseId) => ({ purpose, stackLevel, evseId }))),
    );
    const ids = places.map(ownProfileId);
    expect(new Set(ids).size).toBe(places.length);
    expect(ids.every((id) => id >= OWN_IDS.from && id <= OWN_IDS.to)).toBe(true);
  });

  it('gives way to a newer decision, in whatever order they are asked for', async () => {
    const { station, set } = given();
    station.connect(undefined);
    const newer = await set(setpoint({ version: 2, discriminator: 'a' }), loop);
    const older = await set(setpoint({ version: 1, discriminator: 'b' }, schedule(22_000)), loop);
    expect([await station.stateOf(newer.command.commandId), older.state]).toEqual(['Queued', 'Superseded']);
  });

  it.each<[string, string, Partial<ProfileRequest>, Partial<ProfileRequest['profile']>]>([
    ['a transaction that is not named', 'names the transaction', {}, { transactionId: '' }],
    ['a transaction on no EVSE', 'names its EVSE', {}, { evseId: 0 }],
    ['a transaction of OCPP 1.6 that is no number', 'has no transaction', {}, { transactionId: 'abc' }],
    ['a default with a transaction', 'Only the profile of a transaction', {}, { purpose: 'tx-default' }],
    ['an EVSE there cannot be', 'number from 0 to 1000', {}, { evseId: -1 }],
    ['a stack level the station does not have', 'from 0 to 0', { abilities: { maxStackLevel: 0 } }, {}],
    ['a limit that no number can say in tenths', 'at most 1000000000', {}, schedule(1e308)],
    ['a profile that is over', 'over already', {}, { validTo: 60_000 }],
    ['a profile that ends before it begins', 'over already', {}, { validFrom: 970_000 }],
    ['a limit below nothing', 'at least 0', {}, schedule(-1)],
    ['a limit that is no number', 'at least 0', {}, schedule(Number.NaN)],
    ['phases of direct current', 'has no phases', { supply: direct }, schedule(9_000, { phases: 3 })],
    ['a phase of three', 'one phase only', { abilities: { switchesPhases: true } }, schedule(9_000, { phaseToUse: 2 })],
    ['a phase the station cannot choose', 'cannot choose', {}, schedule(9_000, { phases: 1, phaseToUse: 2 })],
    [
      'a phase in OCPP 1.6',
      'cannot name the phase',
      { abilities: { switchesPhases: true } },
      schedule(9_000, { phases: 1, phaseToUse: 2 }),
    ],
    [
      'direct current where only amperes are taken',
      'in none of A',
      { supply: direct, abilities: { rateUnits: ['A'] } },
      {},
    ],
    [
      'a first period that starts late',
      'starts at 0',
      {},
      { schedule: { kind: 'relative', periods: [{ startSec: 1, limitW: 1 }] } },
    ],
    ['no period', 'starts at 0', {}, { schedule: { kind: 'relative', periods: [] } }],
    [
      'periods out of order',
      'each after the one before',
      {},
      {
        schedule: {
          kind: 'relative',
          periods: [
            { startSec: 0, limitW: 1 },
            { startSec: 60, limitW: 1 },
            { startSec: 60, limitW: 1 },
          ],
        },
      },
    ],
    [
      'more periods than the station takes',
      'at most 1',
      { abilities: { maxPeriods: 1 } },
      {
        schedule: {
          kind: 'relative',
          periods: [
            { startSec: 0, limitW: 1 },
            { startSec: 60, limitW: 1 },
          ],
        },
      },
    ],
    [
      'a duration of nothing',
      'above 0',
      {},
      { schedule: { kind: 'relative', durationSec: 0, periods: [{ startSec: 0, limitW: 1 }] } },
    ],
  ])('of %s is refused, and nothing is sent', async (_, reason, over, profile) => {
    const { station, set } = given();
    const asked = set(setpoint(over, profile), loop);
    await expect(asked).rejects.toMatchObject({ code: 'InvalidProfile', message: expect.stringContaining(reason) });
    expect([station.wire.sent, station.mailboxes.writes]).toEqual([[], []]);
  });

  it.each<[string, Partial<ProfileRequest['profile']>, object]>([
    ['that begins with a transaction', { schedule: { kind: 'relative', periods: [{ startSec: 0, limitW: 1 }] } }, {}],
    ['on one EVSE', { evseId: 1 }, {}],
    ['of a station that takes none', {}, { hasStationMax: false }],
  ])('of the whole station %s is refused', async (_, profile, abilities) => {
    const { transactionId: __, ...base } = setpoint().profile;
    const request = {
      ...setpoint({ abilities }),
      profile: { ...base, purpose: 'station-max' as const, evseId: 0, ...profile },
    };
    await expect(given().set(request, loop)).rejects.toMatchObject({ code: 'InvalidProfile' });
  });

  it('is for those who may send commands', async () => {
    await expect(given().set(setpoint(), viewer)).rejects.toMatchObject({ code: 'NotPermitted' });
  });

  it('is cleared by its id', async () => {
    const { clear, sent } = given('2.0.1');
    await clear({ stationId: 'S1', discriminator: 'd2', selector: { profileId: 5 } }, loop);
    expect(sent()).toEqual([['ClearChargingProfile', { chargingProfileId: 5 }]]);
  });
});
