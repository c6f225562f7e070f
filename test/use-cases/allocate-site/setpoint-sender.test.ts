import { describe, expect, it } from 'vitest';
import { electricsOf } from '../../../domain/registry/electrics.ts';
import type { SetpointCommand } from '../../../domain/site/decide-site.ts';
import { setpointSender } from '../../../use-cases/allocate-site/setpoint-sender.ts';
import { givenStation } from '../send-command/given-station.ts';

const version = 60_000;

const setpoint = (patch: Partial<SetpointCommand> = {}): SetpointCommand => ({
  stationId: 'S1',
  evseId: 2,
  transactionId: 'T-7',
  sessionId: 'session-7',
  limitW: 11_040,
  validUntil: version + 15 * 60_000,
  version,
  reasons: [{ kind: 'budget' }],
  supply: electricsOf({ connectorType: 'Type2', ratedW: 22_000 }),
  ...patch,
});

const given = () => {
  const station = givenStation('2.0.1');
  const sender = setpointSender(station.ports);
  const commands = async () => (await station.mailboxes.list('S1', { limit: 9 })).items;
  return { station, sender, commands };
};

describe('a setpoint', () => {
  it('is the profile of its transaction, in amperes on each phase, that ends by itself', async () => {
    const { sender, commands } = given();
    expect(await sender.send('depot', setpoint())).toBe('taken');
    const [record] = await commands();
    expect(JSON.parse(record?.command.payload ?? '')).toMatchObject({
      evseId: 2,
      chargingProfile: {
        stackLevel: 1,
        chargingProfilePurpose: 'TxProfile',
        transactionId: 'T-7',
        validTo: new Date(version + 15 * 60_000).toISOString(),
        chargingSchedule: [
          { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16, numberPhases: 3 }] },
        ],
      },
    });
  });

  it('is one command however often one decision is sent, and another one for a newer decision', async () => {
    const { sender, commands } = given();
    await sender.send('depot', setpoint());
    await sender.send('depot', setpoint());
    expect(await commands()).toHaveLength(1);
    await sender.send('depot', setpoint({ version: version + 1, limitW: 5_000 }));
    expect(await commands()).toHaveLength(2);
  });

  it('for an EVSE that takes watts keeps them', async () => {
    const { sender, commands } = given();
    await sender.send(
      'depot',
      setpoint({ evseId: 1, limitW: 30_010, supply: electricsOf({ connectorType: 'CCS', ratedW: 50_000 }) }),
    );
    const [record] = await commands();
    expect(JSON.parse(record?.command.payload ?? '').chargingProfile.chargingSchedule[0]).toMatchObject({
      chargingRateUnit: 'W',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: 30_010 }],
    });
  });

  it('that would have ended before it is written is refused, and asks nothing of the station', async () => {
    const { station, sender, commands } = given();
    station.time.now = version + 20 * 60_000;
    expect([await sender.send('depot', setpoint()), await commands()]).toEqual(['Rejected', []]);
  });
});
