import { expect, it } from 'vitest';
import { commandCommand } from '../../cli/command/command-command.ts';
import { idempotent } from '../domain/commands/given-command.ts';
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

it('command hides the secrets that records of an earlier version hold', async () => {
  const { ports } = givenStation();
  const reply = '{"key":"AuthorizationKey","value":"S"}';
  const record = {
    command: idempotent('0mf-a', { action: 'GetConfiguration' }),
    ...({ state: 'Failed', at: 0, attempts: 1, reason: `GenericError: ${reply}`, reply } as const),
  };
  const mailboxes = { ...ports.mailboxes, list: async () => ({ items: [record] }) };
  const lines: string[] = [];
  await commandCommand(['S1'], { ...ports, mailboxes, user: 'root', discriminator: 'cli' }, (line) => lines.push(line));
  const hidden = '{"key":"AuthorizationKey","value":"(hidden)"}';
  expect(lines).toEqual([
    ['1970-01-01T00:00:00.000Z', 'S1/0mf-a', 'GetConfiguration', 'Failed', `GenericError: ${hidden}`, hidden].join(
      '\t',
    ),
  ]);
});

it.each([['--wait'], ['--why', 'a driver called'], ['--expires', '60']])(
  'command without an action refuses %s, which a list does not read',
  async (...flags) => {
    const ports = { ...givenStation().ports, user: 'root', discriminator: 'cli' };
    const listing = commandCommand(['S1', ...flags], ports, () => {});
    await expect(listing).rejects.toThrow(`command without an ACTION has no ${flags[0]}`);
  },
);
