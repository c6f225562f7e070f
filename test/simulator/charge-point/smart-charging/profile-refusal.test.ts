import { describe, expect, it } from 'vitest';
import type { ChargingProfile } from '../../../../simulator/charge-point/smart-charging/charging-profile.ts';
import {
  type InstalledProfile,
  isMeant,
  withProfile,
} from '../../../../simulator/charge-point/smart-charging/installed-profile.ts';
import type { Outlet } from '../../../../simulator/charge-point/smart-charging/outlet-limit.ts';
import {
  type ProfileRules,
  profileRefusal,
} from '../../../../simulator/charge-point/smart-charging/profile-refusal.ts';

const profile = (rest: Partial<ChargingProfile>): ChargingProfile => ({
  profileId: 1,
  purpose: 'default',
  kind: 'Absolute',
  stackLevel: 0,
  unit: 'W',
  periods: [{ startSec: 0, limit: 5000 }],
  startAt: 0,
  asSent: {},
  ...rest,
});
const at = (evseId: number, rest: Partial<ChargingProfile> = {}): InstalledProfile => ({
  evseId,
  profile: profile(rest),
});
const outlets: Outlet[] = [
  { evseId: 1, ratedW: 22_000, phases: 3, transaction: { transactionId: 't', startedAt: 0 } },
  { evseId: 2, ratedW: 22_000, phases: 3 },
];
const rules: ProfileRules = {
  ocpp: '2.0.1',
  maxStackLevel: 9,
  maxPeriods: 2,
  maxInstalled: 3,
  units: ['A', 'W'],
  stationMaximum: true,
  switchesPhases: false,
};
const switching: Partial<ProfileRules> = { switchesPhases: true };
const transaction = { purpose: 'transaction', transactionId: 't' } as const;

describe('a profile that is installed', () => {
  it('replaces one of the same id, or of the same EVSE, purpose and stack level', () => {
    const replacement = at(0, { profileId: 8 });
    expect(withProfile([at(0)], replacement)).toEqual([replacement]);
    const moved = at(1, { stackLevel: 4 });
    expect(withProfile([at(0)], moved)).toEqual([moved]);
    expect(withProfile([at(0)], at(1, { profileId: 2 }))).toHaveLength(2);
  });

  it.each<[string, InstalledProfile, Partial<ProfileRules>, readonly InstalledProfile[], string | undefined]>([
    ['an EVSE there is not', at(9), {}, [], 'UnknownEvse'],
    ['external constraints (K01.FR.22)', at(0, { purpose: 'external-constraints' }), {}, [], 'InvalidProfile'],
    ['a station maximum on one EVSE', at(1, { purpose: 'station-maximum' }), {}, [], 'InvalidProfile'],
    ['a station maximum', at(0, { purpose: 'station-maximum' }), {}, [], undefined],
    ['one it does not know', at(0, { purpose: 'station-maximum' }), { stationMaximum: false }, [], 'UnsupportedParam'],
    ['a running transaction', at(1, transaction), {}, [], undefined],
    ['no transaction', at(2, transaction), {}, [], 'TxNotFound'],
    ['another transaction', at(1, { ...transaction, transactionId: 'u' }), {}, [], 'TxNotFound'],
    ['a transaction of the whole station', at(0, transaction), {}, [], 'InvalidProfile'],
    ['a transaction without its id', at(1, { purpose: 'transaction' }), {}, [], 'MissingParam'],
    ['a transaction without its id in 1.6', at(1, { purpose: 'transaction' }), { ocpp: '1.6' }, [], undefined],
    ['a default with a transaction', at(1, { transactionId: 't' }), {}, [], 'InvalidProfile'],
    [
      'another id at the same stack level of a transaction (K01.FR.39)',
      at(1, { ...transaction, profileId: 2 }),
      {},
      [at(1, transaction)],
      'DuplicateProfile',
    ],
    ['the same in 1.6', at(1, { ...transaction, profileId: 2 }), { ocpp: '1.6' }, [at(1, transaction)], undefined],
    ['the same id again', at(1, transaction), {}, [at(1, transaction)], undefined],
    ['too high a stack level', at(0, { stackLevel: 10 }), {}, [], 'InvalidStackLevel'],
    ['a first period that starts late', at(0, { periods: [{ startSec: 1, limit: 1 }] }), {}, [], 'InvalidSchedule'],
    [
      'too many periods',
      at(0, { periods: [0, 1, 2].map((startSec) => ({ startSec, limit: 1 })) }),
      {},
      [],
      'TooManyElements',
    ],
    ['a unit it does not know', at(0, { unit: 'A' }), { units: ['W'] }, [], 'UnsupportedRateUnit'],
    [
      'one of three phases',
      at(0, { periods: [{ startSec: 0, limit: 9, phases: 1, phaseToUse: 2 }] }),
      switching,
      [],
      undefined,
    ],
    [
      'one phase where it cannot switch',
      at(0, { periods: [{ startSec: 0, limit: 9, phases: 1, phaseToUse: 2 }] }),
      {},
      [],
      'InvalidSchedule',
    ],
    [
      'a phase of several',
      at(0, { periods: [{ startSec: 0, limit: 9, phases: 3, phaseToUse: 2 }] }),
      switching,
      [],
      'InvalidSchedule',
    ],
    ['a relative one with a start', at(0, { kind: 'Relative' }), {}, [], 'InvalidSchedule'],
    ['a recurring one without a rhythm', at(0, { kind: 'Recurring' }), {}, [], 'InvalidSchedule'],
    [
      'one more than it can keep',
      at(0, { profileId: 9, stackLevel: 9 }),
      {},
      [1, 2, 3].map((id) => at(0, { profileId: id, stackLevel: id })),
      'OutOfStorage',
    ],
  ])('for %s is refused or taken as the specification says', (_case, added, more, installed, expected) => {
    expect(profileRefusal(added, installed, outlets, { ...rules, ...more })).toBe(expected);
  });
});

describe('criteria', () => {
  it('mean the profiles that meet all of them; EVSE 0 means those of the station', () => {
    const any = { profileIds: undefined, evseId: undefined, purpose: undefined, stackLevel: undefined };
    const installed = [at(0), at(1, { profileId: 2, stackLevel: 3 })];
    const meant = (criteria: object) => installed.map((one) => isMeant({ ...any, ...criteria }, one));
    expect([
      meant({}),
      meant({ evseId: 0 }),
      meant({ stackLevel: 3 }),
      meant({ profileIds: [1, 2], evseId: 1 }),
    ]).toEqual([
      [true, true],
      [true, false],
      [false, true],
      [false, true],
    ]);
  });
});
