import { describe, expect, it } from 'vitest';
import { installFallback } from '../../../use-cases/install-fallback/install-fallback.ts';
import { givenStation } from '../send-command/given-station.ts';

const shares = [
  { evseId: 1, limitW: 20_000 },
  { evseId: 2, limitW: 5_000 },
];
const order = { stationId: 'S1', shares, decidedAt: 60_000, why: 'booted' };

const given = () => {
  const station = givenStation('2.0.1');
  const install = installFallback(station.ports);
  const profiles = async () =>
    (await station.mailboxes.list('S1', { limit: 9 })).items
      .map(({ command }) => JSON.parse(command.payload))
      .sort((one, other) => one.evseId - other.evseId);
  return { station, install, profiles };
};

describe('what a station falls back to', () => {
  it('is a default of every transaction on each EVSE, below all other limits and without an end', async () => {
    const { install, profiles } = given();
    expect(await install(order)).toEqual(shares);
    const common = {
      chargingProfilePurpose: 'TxDefaultProfile',
      stackLevel: 0,
      chargingProfileKind: 'Relative',
    };
    const id = (evseId: number) => 2_010_000_000 + evseId;
    expect(await profiles()).toEqual([
      {
        evseId: 1,
        chargingProfile: {
          id: id(1),
          ...common,
          chargingSchedule: [
            { id: id(1), chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 20_000 }] },
          ],
        },
      },
      {
        evseId: 2,
        chargingProfile: {
          id: id(2),
          ...common,
          chargingSchedule: [
            {
              id: id(2),
              chargingRateUnit: 'A',
              chargingSchedulePeriod: [{ startPeriod: 0, limit: 7.2, numberPhases: 3 }],
            },
          ],
        },
      },
    ]);
  });

  it('is cleared by its id when the site is no longer controlled', async () => {
    const { install, profiles } = given();
    await install({ ...order, shares: [], released: [2_010_000_001] });
    expect(await profiles()).toEqual([{ chargingProfileId: 2_010_000_001 }]);
  });

  it('is sent once for one decision, and waits for a station that is offline', async () => {
    const { station, install, profiles } = given();
    station.connect(undefined);
    await install(order);
    await install(order);
    expect([(await profiles()).length, station.wire.sent]).toEqual([2, []]);
  });

  it('that is refused is counted, and the others are sent', async () => {
    const { station, install } = given();
    const unknown = { evseId: 9, limitW: 1_000 };
    expect(await install({ ...order, shares: [unknown, ...shares] })).toEqual(shares);
    expect(station.warnings).toEqual(['fallbackNotInstalled']);
  });

  it('is nothing where no site is controlled', async () => {
    const { station, install } = given();
    expect([await install({ ...order, shares: [] }), station.mailboxes.writes]).toEqual([[], []]);
  });
});
