import { expect, it } from 'vitest';
import { commandCommand } from '../../cli/command/command-command.ts';
import { givenStation } from '../use-cases/send-command/given-station.ts';

const PROFILE = JSON.stringify({
  connectorId: 1,
  csChargingProfiles: {
    chargingProfileId: 1,
    stackLevel: 0,
    chargingProfilePurpose: 'TxDefaultProfile',
    chargingProfileKind: 'Absolute',
    chargingSchedule: { chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 11_000 }] },
  },
});

it('command --wait waits until the last instant at which a command may still be sent and answered', async () => {
  const station = givenStation();
  station.connect(undefined);
  const { time } = station;
  const before = time.now;
  const sleep = async (durationMs: number): Promise<void> => {
    time.now += durationMs;
  };
  const ports = { ...station.ports, system: { ...station.ports.system, sleep }, user: 'root', discriminator: 'cli' };
  const argv = ['S1', 'SetChargingProfile', PROFILE, '--wait', '--expires', '600', '--timeout', '20'];
  await expect(commandCommand(argv, ports, () => {})).rejects.toThrow('SetChargingProfile has not ended: Queued');
  expect(time.now - before).toBeGreaterThan(620_000);
});

it.each([[''], ['', 'ClearCache'], [' ']])('command %j asks which station is meant', async (...argv) => {
  const ports = { ...givenStation().ports, user: 'root', discriminator: 'cli' };
  await expect(commandCommand(argv, ports, () => {})).rejects.toThrow(/^Which station\?/);
});
