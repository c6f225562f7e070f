import { describe, expect, it } from 'vitest';
import { blankStation, type StationState } from '../../../domain/station/station-state.ts';
import { queryStation } from '../../../use-cases/query-station/query-station.ts';
import { operator, viewer } from '../../fakes/callers.ts';
import { registration } from '../../fakes/registration.ts';
import { givenStation } from '../send-command/given-station.ts';

const setUp = (state: Partial<StationState> = {}) => {
  const station = givenStation();
  const item = { registration: registration({ stationId: 'S1' }), state: { ...blankStation('S1'), ...state } };
  const fields = queryStation({
    ...station.ports,
    stations: { find: async (stationId) => (stationId === 'S1' ? item : undefined) },
  });
  const ask = (field: string, stationId = 'S1', caller = operator) =>
    fields[field]?.({ stationId }, caller) ?? Promise.reject(new Error(`No field ${field}`));
  return { station, ask };
};

const half = 30 * 60_000;
const request = { outcome: 'accepted', requestedAt: 0, answeredAt: 1, expiresAt: half, tag: 'TAG', evseId: 1 } as const;

describe('what is known of a station', () => {
  it('is null for one nobody registered', async () => {
    const { ask } = setUp();
    expect(await ask('capabilities', 'nobody')).toBeNull();
    expect(await ask('reservations', 'nobody')).toBeNull();
  });

  it('are its capabilities, less what it refused', async () => {
    const { ask } = setUp({
      capabilities: {
        ...{ firmware: '1.0', since: 0, toldAt: 1_000 },
        told: { rateUnits: ['A', 'W'], maxStackLevel: 8, available: { SmartCharging: true }, evsePhases: { 2: 3 } },
        refused: [
          { kind: 'rateUnit', rateUnit: 'W' },
          { kind: 'purpose', purpose: 'station-max' },
        ],
      },
    });
    expect(await ask('capabilities')).toEqual({
      ...{ stationId: 'S1', firmware: '1.0', toldAt: '1970-01-01T00:00:01.000Z', report: 'none' },
      ...{ rateUnits: ['A'], maxStackLevel: 8, features: ['SmartCharging'], evsePhases: [{ evseId: 2, phases: 3 }] },
      ...{ hasStationMax: false, refusedPurposes: ['stationMax'], refusedActions: [] },
    });
  });

  it('are its reservations as they stand now, with tags for those who may see them', async () => {
    const { station, ask } = setUp({
      reservations: [
        { reservationId: 1, request },
        { reservationId: 2, request, end: { how: 'Used', at: 5_000, transactionId: 'T1', evseId: 2 } },
      ],
    });
    const shown = { stationId: 'S1', tag: 'TAG', requestedAt: '1970-01-01T00:00:00.000Z' };
    const expiresAt = '1970-01-01T00:30:00.000Z';
    const used = {
      ...{ ...shown, id: 'S1/2', reservationId: 2, state: 'Used', evseId: 2, expiresAt },
      ...{ endedAt: '1970-01-01T00:00:05.000Z', transactionId: 'T1' },
    };
    const active = { ...shown, id: 'S1/1', reservationId: 1, state: 'Active', evseId: 1, expiresAt };
    expect(await ask('reservations')).toEqual([active, used]);
    station.time.now = half;
    expect(await ask('reservations')).toEqual([{ ...active, state: 'Expired', endedAt: expiresAt }, used]);
    expect(JSON.stringify(await ask('reservations', 'S1', viewer))).not.toContain('TAG');
  });

  it('are reservations that were refused, with tags in the reason for those who may see them', async () => {
    const reason = 'FormationViolation: {"idTag":"TAG"}';
    const { ask } = setUp({
      reservations: [{ reservationId: 1, request: { ...request, outcome: 'refused', reason } }],
    });
    expect(await ask('reservations')).toMatchObject([{ state: 'Rejected', tag: 'TAG', reason }]);
    expect(await ask('reservations', 'S1', viewer)).toMatchObject([
      { state: 'Rejected', reason: 'FormationViolation: {"idTag":"(hidden)"}' },
    ]);
  });

  it('are reservations that are asked for and not answered yet', async () => {
    const { station, ask } = setUp({ reservations: [{ reservationId: 1, request }] });
    const reserve = (reservationId: number) =>
      station.request('ReserveNow', {
        ...{ connectorId: 2, expiryDate: '1970-01-01T00:30:00Z', idTag: 'TAG', reservationId },
      });
    await reserve(1);
    await reserve(3);
    expect(await ask('reservations')).toMatchObject([
      { reservationId: 1, state: 'Active', evseId: 1 },
      { reservationId: 3, state: 'Requested', evseId: 2, tag: 'TAG' },
    ]);
  });
});
