import { describe, expect, it } from 'vitest';
import { connectorFromItem, connectorItem } from '../../../aws/dynamodb/connector-item.ts';
import { stateAttribute, stationFromItem } from '../../../aws/dynamodb/station-item.ts';
import { blankConnector } from '../../../domain/connector/connector.ts';
import { placeOf } from '../../../domain/registry/place.ts';
import { blankStation, type StationState } from '../../../domain/station/station-state.ts';
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
});
