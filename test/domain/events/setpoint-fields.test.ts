import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stationEvents } from '../../../domain/events/station-events.ts';
import type { ProfileChange } from '../../../domain/kernel/charging-profile.ts';
import type { ProfilesAccepted } from '../../../domain/kernel/state-change.ts';
import { profileFormatOf } from '../../../ocpp/profile-change-of.ts';
import { detailFaults } from '../../events/schemas.ts';
import { anyProfile } from '../profile/profiles.ts';

const accepted = (change: ProfileChange, over: Partial<ProfilesAccepted> = {}): ProfilesAccepted => ({
  id: 'CP-1.abc.accepted',
  type: 'ProfilesAccepted',
  at: Date.UTC(2026, 10, 20),
  receivedAt: Date.UTC(2026, 10, 20),
  change,
  commandId: 'abc',
  ocpp: '2.0.1',
  payload: '{}',
  by: 'allocate-site',
  origin: 'internal',
  ...over,
});
const told = (change: ProfilesAccepted) => stationEvents('CP-1', [change], undefined);

describe('a limit of our own that a station accepted', () => {
  it('is told without OCPP words and as it was sent, whatever it is', () => {
    fc.assert(
      fc.property(anyProfile, (profile) => {
        const payload = JSON.stringify(profileFormatOf('2.0.1').set(profile));
        const [event, ...others] = told(accepted({ type: 'set', profile }, { payload }));
        expect([event?.type, others]).toEqual(['SetpointChanged', []]);
        expect(event?.detail).toMatchObject({ evseId: profile.evseId, payload, profile: { purpose: profile.purpose } });
        expect(detailFaults('SetpointChanged', JSON.parse(JSON.stringify(event?.detail)))).toEqual([]);
      }),
    );
  });

  it.each([[{}], [{ evseId: 2, purpose: 'tx' as const }], [{ profileId: 7 }]])(
    'is told when it is taken away: %j',
    (selector) => {
      const [event] = told(accepted({ type: 'cleared', selector }));
      expect(event).toMatchObject({ type: 'SetpointChanged', detail: { cleared: selector } });
      expect(detailFaults('SetpointChanged', JSON.parse(JSON.stringify(event?.detail)))).toEqual([]);
    },
  );
});

it('tells no setpoint of what others asked for: they hear that their command was accepted', () => {
  expect(told(accepted({ type: 'cleared', selector: {} }, { origin: 'outside' }))).toEqual([]);
});
