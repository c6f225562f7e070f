import { describe, expect, it } from 'vitest';
import type { Station } from '../../../domain/station/station.ts';
import type { OcppVersion } from '../../../ocpp/frames/envelope.ts';
import type { FieldCaller } from '../../../use-cases/ports/field.ts';
import { limitFields } from '../../../use-cases/serve-commands/limit-fields.ts';
import { operator, viewer } from '../../fakes/callers.ts';
import { registration } from '../../fakes/registration.ts';
import { connectors, givenStation } from '../send-command/given-station.ts';

const setUp = (ocpp: OcppVersion = '1.6', told: object = {}) => {
  const station = givenStation(ocpp);
  const known: Station = {
    registration: registration({ stationId: 'S1', connectors }),
    state: { capabilities: { since: 0, told, refused: [] } } as unknown as NonNullable<Station['state']>,
  };
  station.stations.set('S1', known);
  const fields = limitFields(station.ports);
  const ask = async (field: string, args: object, caller: FieldCaller = operator): Promise<object> =>
    Object(await fields[field]?.({ stationId: 'S1', ...args }, caller));
  const sent = () => station.wire.sent.map(({ frame }) => JSON.parse(frame).slice(2));
  return { station, ask, sent };
};
const startOf = '1970-01-01T00:01:00.000Z';

describe('a limit', () => {
  it.each([
    ['of power, for direct current in W', { evseId: 1, limitW: 20_000 }, 'W', [{ startPeriod: 0, limit: 20_000 }]],
    [
      'of power, for alternating current in A',
      { evseId: 2, limitW: 11_040 },
      'A',
      [{ startPeriod: 0, limit: 16, numberPhases: 3 }],
    ],
    [
      'of current on one phase',
      { evseId: 2, limitA: 16, phases: 1 },
      'A',
      [{ startPeriod: 0, limit: 16, numberPhases: 1 }],
    ],
    ['below what a car takes: a pause', { evseId: 2, limitA: 3 }, 'A', [{ startPeriod: 0, limit: 0, numberPhases: 3 }]],
    [
      'in periods',
      {
        evseId: 2,
        periods: [
          { startSec: 0, limitA: 8 },
          { startSec: 600, limitA: 32 },
        ],
      },
      'A',
      [
        { startPeriod: 0, limit: 8, numberPhases: 3 },
        { startPeriod: 600, limit: 32, numberPhases: 3 },
      ],
    ],
  ])('%s is written for the station', async (_name, args, chargingRateUnit, chargingSchedulePeriod) => {
    const { ask, sent } = setUp();
    expect(await ask('setLimit', args)).toMatchObject({ action: 'SetChargingProfile', by: 'olga', warnings: [] });
    expect(sent()).toMatchObject([
      [
        'SetChargingProfile',
        {
          connectorId: args.evseId,
          csChargingProfiles: {
            stackLevel: 2,
            chargingProfilePurpose: 'TxDefaultProfile',
            chargingProfileKind: 'Absolute',
            chargingSchedule: { startSchedule: startOf, chargingRateUnit, chargingSchedulePeriod },
          },
        },
      ],
    ]);
  });

  it('of the whole station is its maximum, in OCPP 2.x as well', async () => {
    const { ask, sent } = setUp('2.0.1');
    await ask('setLimit', { evseId: 0, limitW: 30_000, validTo: '1970-01-02T00:00:00Z' });
    expect(sent()).toMatchObject([
      [
        'SetChargingProfile',
        {
          evseId: 0,
          chargingProfile: {
            chargingProfilePurpose: 'ChargingStationMaxProfile',
            validTo: '1970-01-02T00:00:00.000Z',
            chargingSchedule: [{ chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 30_000 }] }],
          },
        },
      ],
    ]);
  });

  it('stands on a level the station takes', async () => {
    const { ask } = setUp('1.6', { maxStackLevel: 1 });
    const answer = await ask('setLimit', { evseId: 1, limitW: 20_000 });
    expect(JSON.parse(Object(answer).payload)).toMatchObject({ csChargingProfiles: { stackLevel: 1 } });
  });

  it('is taken back where it was set', async () => {
    const { ask, sent } = setUp();
    expect(await ask('clearLimit', { evseId: 2 })).toMatchObject({ action: 'ClearChargingProfile', state: 'Sent' });
    expect(sent()).toEqual([
      ['ClearChargingProfile', { connectorId: 2, chargingProfilePurpose: 'TxDefaultProfile', stackLevel: 2 }],
    ]);
  });

  it('waits for a station that is offline', async () => {
    const { station, ask } = setUp();
    station.connect(undefined);
    expect(await ask('setLimit', { evseId: 1, limitW: 5_000 })).toMatchObject({ state: 'Queued' });
  });

  it('is sent all the same where something speaks against it', async () => {
    const { ask, sent } = setUp('1.6', { available: { SmartCharging: false } });
    expect(await ask('setLimit', { evseId: 9, limitW: 5_000 })).toMatchObject({
      warnings: [{ code: 'UnknownEvse' }, { code: 'MissingFeature' }],
    });
    expect(sent()).toHaveLength(1);
  });

  it.each([
    [{ evseId: 1 }, 'Rejected'],
    [{ evseId: 1, limitW: 1, limitA: 1 }, 'Rejected'],
    [{ evseId: 1, limitW: 1, periods: [{ startSec: 0, limitW: 1 }] }, 'Rejected'],
    [{ evseId: 1, limitW: -1 }, 'Rejected'],
    [{ evseId: 2, limitA: 8, phases: 4 }, 'Rejected'],
    [{ evseId: 1, periods: [{ startSec: 60, limitW: 1 }] }, 'InvalidProfile'],
    [{ evseId: 1, limitW: 1, purpose: 'tx' }, 'InvalidProfile'],
    [{ evseId: 1, limitW: 1, purpose: 'stationMax' }, 'InvalidProfile'],
    [{ evseId: 1, limitW: 1, validTo: '1970-01-01T00:00:30Z' }, 'InvalidProfile'],
    [{ evseId: 1, limitW: 1, phases: 1 }, 'InvalidProfile'],
    [{ evseId: 1, limitW: 1, stationId: 'nobody' }, 'NotFound'],
  ])('that cannot be is refused, and nothing is sent: %j', async (args, what) => {
    const { ask, sent } = setUp();
    const refused = await ask('setLimit', args).catch((error: unknown) => error);
    expect([Object(refused).name, Object(refused).code]).toContain(what);
    expect(sent()).toEqual([]);
  });

  it('is for operators', async () => {
    const { ask, sent } = setUp();
    await expect(ask('setLimit', { evseId: 1, limitW: 1 }, viewer)).rejects.toMatchObject({ name: 'NotPermitted' });
    await expect(ask('clearLimit', { evseId: 1 }, viewer)).rejects.toMatchObject({ name: 'NotPermitted' });
    expect(sent()).toEqual([]);
  });
});
