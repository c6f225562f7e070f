import { describe, expect, it } from 'vitest';
import { requestDigest } from '../../aws/commands/request-digest.ts';
import { drCommand } from '../../cli/dr/dr-command.ts';
import { activated, checked, ended, restored, type SignalRecord } from '../../domain/demand-response/signal-record.ts';
import { fakeParticipationStore } from '../fakes/participation-store.ts';
import { fakeSignalStore } from '../fakes/signal-store.ts';

const now = Date.parse('2026-07-01T17:00:00Z');
const id = `drill-${now.toString(36)}`;
const figures = {
  ...{ baselineW: 800_000, askedW: 250_000, plannedW: 240_000, shortfallW: 10_000 },
  ...{ stationCount: 20, unknownCount: 0 },
};
const check = { at: now + 20_000, deliveredW: 238_400, plannedW: 240_000, nonResponsiveCount: 1 };

/** What becomes of the drill at each look, and what the command prints. */
const given = (turns: readonly ((record: SignalRecord) => SignalRecord)[] = [], outage?: Error) => {
  const signals = fakeSignalStore();
  const started: string[] = [];
  const printed: string[] = [];
  const left = [...turns];
  const run = (...argv: string[]) =>
    drCommand(
      argv,
      {
        signals,
        participations: fakeParticipationStore(),
        workflows: {
          start: async (_, input) => {
            if (outage !== undefined) throw outage;
            started.push(JSON.stringify(input));
            return 'started';
          },
        },
        digest: requestDigest,
        system: {
          clock: () => now,
          random: () => 0.5,
          sleep: async () => {
            const [record] = await signals.open();
            const turn = left.shift();
            if (record !== undefined && turn !== undefined) await signals.commit(turn(record), record.rev);
          },
        },
        user: 'sam',
      },
      (line) => printed.push(line),
    );
  return { signals, started, printed, run };
};

const drill = ['--zone', 'north', '--reduce-kw', '250', '--minutes', '15'];

describe('npm run dr', () => {
  it('submits a drill, tells what changes, and ends with the event', async () => {
    const { printed, run, started, signals } = given([
      (record) => activated(record, figures, now),
      (record) => record,
      (record) => checked(record, check, 0),
      (record) => restored(record, 'wattstream', 'The event is over', now + 900_000),
    ]);
    await run(...drill);
    expect(printed).toEqual([
      `${id}  waiting  asked - kW  planned - kW  delivered - kW  round 0`,
      `Ctrl-C lets it go on; npm run dr -- --restore ${id} ends it.`,
      `${id}  active  asked 250.00 kW  planned 240.00 kW  delivered - kW  round 1`,
      `${id}  active  asked 250.00 kW  planned 240.00 kW  delivered 238.40 kW  round 1`,
      `${id}  restoring  asked 250.00 kW  planned 240.00 kW  delivered 238.40 kW  round 1`,
    ]);
    expect(started).toEqual([JSON.stringify({ signalId: id, version: 1, purpose: 'respond' })]);
    expect((await signals.load(id))?.signal).toMatchObject({ by: 'command line: sam', zoneId: 'north', priority: 2 });
  });

  it('does not wait with --detach', async () => {
    const { printed, run } = given();
    await run(...drill, '--shed', '--in', '60', '--detach');
    expect(printed).toHaveLength(1);
  });

  it('fails with the reason when the event does', async () => {
    const { run } = given([(record) => ended(record, 'failed', now, 'No station takes part in zone north')]);
    await expect(run(...drill)).rejects.toThrow('No station takes part in zone north');
  });

  it('names a drill of which nobody knows whether it began', async () => {
    const { printed, run } = given([], new Error('no answer'));
    await expect(run(...drill)).rejects.toThrow('no answer');
    expect(printed).toEqual([
      `${id} may have begun all the same: npm run dr -- --list tells, --restore ${id} ends it.`,
    ]);
  });

  it('ends an event, and lists those that are open', async () => {
    const { printed, run, signals } = given();
    await run(...drill, '--detach');
    await run('--list');
    await run('--restore', id);
    expect(printed.slice(1).map((line) => line.split('  ')[1])).toEqual(['waiting', 'restoring']);
    expect(await signals.load(id)).toMatchObject({ restoredBy: 'command line: sam' });
  });

  it('keeps how a driver takes part, under its revision', async () => {
    const { printed, run } = given();
    await run('--participation', '{"tag":"WS1","isOptedOut":true,"why":"on call"}');
    expect(printed).toEqual(['revision 1: opted out, 0 entries of power that is kept']);
  });

  it.each([
    ['no minutes', ['--zone', 'north', '--reduce-kw', '5'], /--minutes is missing/],
    ['minutes that are none', [...drill.slice(0, 4), '--minutes', 'ten'], /--minutes "ten" is no number/],
    ['minutes without end', [...drill.slice(0, 4), '--minutes', '1e12'], /beyond any calendar/],
    ['a negative reduction', ['--zone', 'north', '--reduce-kw=-5', '--minutes', '5'], /reductionKw/],
    ['no place', ['--reduce-kw', '5', '--minutes', '5'], /zoneId/],
    ['an event nobody knows', ['--restore', 'nobody'], /There is no signal nobody/],
    ['a drill beside the list', [...drill, '--list'], /^dr --list has no --zone/],
    ['a drill beside the end of one', ['--restore', id, '--minutes', '5'], /^dr --restore has no --minutes/],
    ['participation that is no JSON', ['--participation', '{'], /--participation is no JSON/],
  ])('refuses %s in words', async (_, argv, says) => {
    const { run, started } = given();
    await expect(run(...argv)).rejects.toThrow(says);
    expect(started).toEqual([]);
  });
});
