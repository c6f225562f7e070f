import { describe, expect, it } from 'vitest';
import type { ChargingProfile } from '../../../domain/kernel/charging-profile.ts';
import type { EndedCommand } from '../../../domain/kernel/ended-command.ts';
import type { Fact } from '../../../domain/kernel/fact.ts';
import { ownProfileId } from '../../../domain/profile/own-profile-id.ts';
import { isWorthTelling, siteConnectorOf } from '../../../domain/site/site-connector-of.ts';
import { profileFormatOf } from '../../../ocpp/profile-change-of.ts';
import { commandEnded } from '../../support/commands.ts';
import { given } from '../../support/given.ts';
import { minutes, noon, on, said } from '../../support/station-days.ts';

type Over = Parameters<typeof commandEnded>[3];

const set = (profile: Omit<ChargingProfile, 'profileId'>, at: number, over: Over = {}): readonly Fact[] => {
  const payload = profileFormatOf('1.6').set({ ...profile, profileId: ownProfileId(profile) });
  return commandEnded(at, 'SetChargingProfile', payload, { isWrittenHere: true, origin: 'internal', ...over });
};

const defaulting = (limitW: number, minute: number, stackLevel = 0, over: Over = {}): readonly Fact[] =>
  set(
    {
      purpose: 'tx-default',
      evseId: 1,
      stackLevel,
      schedule: { kind: 'relative', periods: [{ startSec: 0, limitW }] },
    },
    noon + minutes(minute),
    over,
  );

/** A setpoint, or an operator's limit for the session on a higher level. */
const limiting = (limitW: number, minute: number, over: Over = {}, stackLevel = 1): readonly Fact[] => {
  const startAt = noon + minutes(minute);
  const schedule = { kind: 'absolute', startAt, periods: [{ startSec: 0, limitW }] } as const;
  return set({ purpose: 'tx', evseId: 1, stackLevel, transactionId: '7', schedule }, startAt, over);
};

const unanswered: { readonly state: EndedCommand['state'] } = { state: 'TimedOut' };

const begun: readonly (readonly Fact[])[] = [
  defaulting(11_040, 1),
  [{ ...said(noon + minutes(2)), ...on(1), type: 'SessionStarted', transactionId: '7', tag: 'T', meterStartWh: 0 }],
];

const booted: Fact = { ...said(noon + minutes(10)), type: 'StationBooted', vendor: 'Acme', model: 'One' };

/** What the site is told after the session on connector 1 began; instants in minutes. */
const told = (...messages: readonly (readonly Fact[])[]) => {
  const connector = given(...begun, ...messages).connector(1);
  const { limitW, setpointAt, profilesAt } = (connector && siteConnectorOf(connector).session) ?? {};
  const minuteOf = (at: number | undefined) => at && (at - noon) / minutes(1);
  return { limitW, setpointAt: minuteOf(setpointAt), profilesAt: minuteOf(profilesAt) };
};

const missing = (): never => {
  throw new Error('There is no such connector');
};

describe('what a site is told of the limit of a session', () => {
  it('is the one in force, and when the setpoint was sent that its station holds', () => {
    expect(told(limiting(4_140, 3))).toEqual({ limitW: 4_140, setpointAt: 3, profilesAt: 3 });
  });

  it('is the one of the last setpoint where its station was not heard of since', () => {
    const connector = given(...begun, limiting(4_140, 3)).connector(1) ?? missing();
    expect(siteConnectorOf({ ...connector, lastSeenAt: noon + minutes(2) }).session).toMatchObject({
      limitW: 4_140,
      setpointAt: noon + minutes(3),
    });
  });

  it('is none while a later setpoint was not answered: either may be in force', () => {
    expect(told(limiting(4_140, 3), limiting(20_700, 6, unanswered))).toEqual({
      limitW: undefined,
      setpointAt: 3,
      profilesAt: 6,
    });
  });

  it('is the one in force where a command was not answered that changes nothing', () => {
    expect(told(limiting(4_140, 3), limiting(4_140, 6, unanswered)).limitW).toBe(4_140);
  });

  it('tells that it is open which setpoint holds where one was not answered or may be lost, whatever is in force', () => {
    const isOpen = (...messages: readonly (readonly Fact[])[]) =>
      siteConnectorOf(given(...begun, ...messages).connector(1) ?? missing()).session?.isSetpointOpen;
    const capped = set(
      {
        purpose: 'station-max',
        evseId: 0,
        stackLevel: 0,
        schedule: { kind: 'absolute', startAt: noon, periods: [{ startSec: 0, limitW: 3_450 }] },
      },
      noon + minutes(2),
    );
    expect([
      isOpen(limiting(4_140, 3)),
      isOpen(limiting(4_140, 3), limiting(4_140, 6, unanswered)),
      isOpen(limiting(4_140, 3), limiting(4_140, 6, unanswered), limiting(5_520, 8)),
      isOpen(capped, limiting(4_140, 3), [booted]),
    ]).toEqual([undefined, true, undefined, true]);
    expect(told(capped, limiting(4_140, 3), [booted]).limitW).toBe(3_450);
  });

  it('is told anew of a setpoint below that of an operator which held before, too, and not of the same one again', () => {
    const seen = (...messages: readonly (readonly Fact[])[]) =>
      siteConnectorOf(given(...begun, ...messages).connector(1) ?? missing());
    const [own, capped] = [limiting(11_040, 3), limiting(6_900, 5, {}, 2)];
    const [below, again] = [limiting(4_140, 9), limiting(11_040, 9)];
    expect([
      isWorthTelling(seen(own, capped), seen(own, capped, below)),
      isWorthTelling(seen(own, capped), seen(own, capped, again)),
      isWorthTelling(seen(own), seen(own, again)),
    ]).toEqual([true, false, false]);
  });

  it('is no setpoint for certain after the station has restarted', () => {
    expect(told(limiting(4_140, 3), [booted])).toEqual({ limitW: undefined, setpointAt: undefined, profilesAt: 3 });
  });

  it('is what is left where somebody took the setpoint away', () => {
    const cleared = commandEnded(noon + minutes(9), 'ClearChargingProfile', { chargingProfilePurpose: 'TxProfile' });
    expect(told(limiting(4_140, 3), cleared)).toEqual({ limitW: 11_040, setpointAt: undefined, profilesAt: 9 });
  });

  it('is that of an operator where it holds above the setpoint', () => {
    expect(told(limiting(4_140, 3), limiting(22_080, 9, {}, 2))).toEqual({
      limitW: 22_080,
      setpointAt: 3,
      profilesAt: 9,
    });
  });
});

describe('what a site is told a station falls back to', () => {
  const safeW = (...messages: readonly (readonly Fact[])[]): number | undefined => {
    const connector = given(...begun, ...messages).connector(1);
    return connector && siteConnectorOf(connector).fallbackW;
  };

  it('is our default profile, or that of an operator where it holds more', () => {
    expect([safeW(), safeW(defaulting(22_080, 2, 2)), safeW(defaulting(6_000, 2, 2))]).toEqual([
      11_040, 22_080, 11_040,
    ]);
  });

  it('is the most of what default profiles leave that were not answered, and cannot be told where ours may be gone', () => {
    const cleared = { chargingProfilePurpose: 'TxDefaultProfile' };
    const clear = commandEnded(noon + minutes(3), 'ClearChargingProfile', cleared, unanswered);
    expect([
      safeW(defaulting(22_080, 2, 0, unanswered)),
      safeW(defaulting(6_210, 2, 0, unanswered)),
      safeW(defaulting(22_080, 2, 2, unanswered)),
      safeW(clear),
      safeW(limiting(22_080, 3, unanswered)),
    ]).toEqual([22_080, 11_040, 22_080, undefined, 11_040]);
  });

  it('cannot be told where somebody set a default profile that nobody here can read', () => {
    const profile = { chargingProfileId: 5, stackLevel: 3, chargingProfilePurpose: 'TxDefaultProfile' };
    const csChargingProfiles = { ...profile, chargingProfileKind: 'Sometimes', chargingSchedule: {} };
    const raw = commandEnded(noon + minutes(3), 'SetChargingProfile', { connectorId: 1, csChargingProfiles });
    expect(safeW(raw)).toBeUndefined();
  });

  it('is told anew of a connector where a car may begin, and of no other one that is free', () => {
    const free = { stationId: 'S1', evseId: 1, connectorId: 1, rev: 1, isOffline: false, fallbackW: 5_000 };
    const isTold = (expected: { readonly isOffline?: boolean; readonly awaitsSessionSince?: number }): boolean =>
      isWorthTelling({ ...free, ...expected }, { ...free, ...expected, rev: 2, fallbackW: 8_000 });
    expect([isTold({ isOffline: true }), isTold({ awaitsSessionSince: noon }), isTold({})]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
