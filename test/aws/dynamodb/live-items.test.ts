import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectorFromItem, connectorItem } from '../../../aws/dynamodb/connector-item.ts';
import { stateAttribute, stationFromItem } from '../../../aws/dynamodb/station-item.ts';
import { blankConnector } from '../../../domain/connector/connector.ts';
import { fallbackProfile } from '../../../domain/connector/fallback-profile.ts';
import { ownProfileId } from '../../../domain/profile/own-profile-id.ts';
import type { ProfileLog } from '../../../domain/profile/profile-log.ts';
import { placeOf } from '../../../domain/registry/place.ts';
import { blankStation, type StationState } from '../../../domain/station/station-state.ts';
import { anyProfile } from '../../domain/profile/profiles.ts';
import { registration } from '../../fakes/registration.ts';

describe('a live item', () => {
  it('of a station gives back its capabilities and reservations', () => {
    const state: StationState = {
      ...blankStation('CP01'),
      capabilities: {
        ...{ firmware: '1.0', since: 0, toldAt: 5, refused: [{ kind: 'action', action: 'ReserveNow' }] },
        told: { rateUnits: ['A'], available: { SmartCharging: true } },
        reports: [{ requestId: 1, runs: [[0, 3]], lastSeqNo: 3 }],
      },
      reservations: [{ reservationId: 7, end: { how: 'Used', at: 5, transactionId: 'T1' } }],
    };
    expect(stationFromItem({ stationId: 'CP01', state: stateAttribute(state) }).state).toEqual(state);
  });

  it('of a connector gives back a change of availability that is pending', () => {
    const key = { stationId: 'CP01', evseId: 1, connectorId: 1 };
    const pendingAvailability = { commandId: 'c1', operative: false, scheduled: true, requestedAt: 1, agreedAt: 2 };
    const connector = { ...blankConnector(key, placeOf(registration(), key), 0), pendingAvailability };
    expect(connectorFromItem({ ...connectorItem(connector) })).toEqual(connector);
  });

  it('of a connector gives back until when statuses were told late', () => {
    const key = { stationId: 'CP01', evseId: 1, connectorId: 1 };
    const connector = { ...blankConnector(key, placeOf(registration(), key), 0), toldLateUntil: 5 };
    const item = connectorItem(connector);
    expect([connectorFromItem({ ...item }), Object.keys(item)]).toEqual([
      connector,
      expect.not.arrayContaining(['toldLateUntil']),
    ]);
  });

  it('of a connector gives back the limits that were replaced, beside what resolvers read', () => {
    const key = { stationId: 'CP01', evseId: 1, connectorId: 1 };
    const replacedLimits = [{ untilAt: 5 }, { untilAt: 9, limitW: 11_000 }];
    const connector = { ...blankConnector(key, placeOf(registration(), key), 0), replacedLimits };
    const item = connectorItem(connector);
    expect([connectorFromItem({ ...item }), Object.keys(item)]).toEqual([
      connector,
      expect.not.arrayContaining(['replacedLimits']),
    ]);
  });

  it('of a connector or station gives back charging profiles, and takes little room for them', () => {
    const key = { stationId: 'CP01', evseId: 1, connectorId: 1 };
    const blank = blankConnector(key, placeOf(registration(), key), 0);
    fc.assert(
      fc.property(fc.array(anyProfile, { maxLength: 4 }), (list) => {
        const profiles: ProfileLog = list.map((profile, index) => ({
          type: 'set',
          profile,
          commandId: `0mi9k2w1c-s${index}`,
          sentAt: 1_773_144_420_300 + index,
        }));
        const limits = [{ fromAt: 1, isUnlimited: true }] as const;
        const connector = { ...blank, profiles, limits };
        expect(connectorFromItem({ ...connectorItem(connector) })).toEqual(connector);
        const state = { ...blankStation('CP01'), profiles };
        expect(stationFromItem({ stationId: 'CP01', state: stateAttribute(state) }).state).toEqual(state);
      }),
    );
    const usual = fallbackProfile({ evseId: 1, limitW: 5_000 });
    const setpoint = {
      ...usual,
      purpose: 'tx',
      stackLevel: 1,
      transactionId: '1487713922',
      validTo: 1_773_145_260_000,
    } as const;
    const profiles: ProfileLog = [usual, setpoint].map((profile, index) => ({
      type: 'set',
      profile: { ...profile, profileId: ownProfileId(profile) },
      commandId: `0mi9k2w1c-s${index}`,
      sentAt: 1_773_144_420_300,
      isWrittenHere: true,
    }));
    expect(connectorItem({ ...blank, profiles }).profiles?.length).toBeLessThan(140);
  });
});
