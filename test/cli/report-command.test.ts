import { describe, expect, it } from 'vitest';
import { reportCommand } from '../../cli/report/report-command.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import type { StationExclusion } from '../../domain/uptime/uptime-row.ts';
import type { DirtyMark } from '../../domain/windows/dirty-mark.ts';

import { registration } from '../support/station-days.ts';
import { windowStoreInMemory } from '../support/window-store-in-memory.ts';

const setting = async (more: Partial<Registration> = {}) => {
  const windows = windowStoreInMemory();
  const declared: StationExclusion[] = [];
  const marks: DirtyMark[] = [];
  const lines: string[] = [];
  const fast = {
    ...registration('S1'),
    commissionedAt: Date.parse('2026-10-30'),
    connectors: [{ evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: 150_000 }],
    ...more,
  };
  const measures = {
    minutes: 1440,
    closedMin: 0,
    upMin: 1400,
    downMin: 40,
    unknownMin: 0,
    excludedDownMin: 10,
    excludedUnknownMin: 0,
  };
  await windows.store.put(
    ['2025-10-31', '2026-10-30', '2026-10-31'].map((day) => ({
      series: 'uptime_1d',
      key: 'S1#1#1',
      startAt: Date.parse(day),
      version: 1,
      measures,
      labels: {},
    })),
  );
  const stores = {
    windows: windows.store,
    registry: {
      list: async () => [fast],
      find: async (id: string) => (id === 'S1' ? fast : undefined),
      former: async () => [],
    },
    exclusions: {
      of: async () => declared,
      change: async (_: string, change: (all: readonly StationExclusion[]) => readonly StationExclusion[]) =>
        void declared.splice(0, declared.length, ...change([...declared])),
    },
    dirty: { mark: async (some: readonly DirtyMark[]) => void marks.push(...some) },
    now: () => Date.parse('2026-11-05T12:00:00Z'),
    user: 'ada',
  };
  const run = async (text: string): Promise<string[]> => {
    lines.length = 0;
    await reportCommand(text.split(' '), stores, (line) => lines.push(line));
    return [...lines];
  };
  return { run, declared, marks };
};

describe('npm run report', () => {
  it('reports NEVI over the twelve months that end with the month', async () => {
    const { run } = await setting();
    expect(JSON.parse((await run('uptime --rule nevi --month 2026-10 --json')).join(''))).toEqual({
      rule: 'nevi',
      month: '2026-10',
      period: 'complete',
      compliant: true,
      ports: [
        {
          connector: 'S1#1#1',
          stationId: 'S1',
          siteId: 'harbour',
          outageMin: 80,
          excludedMin: 20,
          coveredMin: 2880,
          unmeasuredMin: 0,
          uptimePercent: (100 * (2880 - 60)) / 2880,
          withoutExclusionsPercent: (100 * (2880 - 80)) / 2880,
          compliant: true,
        },
      ],
    });
  });

  it('reports the UK rule over the calendar year, as CSV and for people', async () => {
    const { run } = await setting();
    expect((await run('uptime --rule uk --month 2026-10 --csv')).join('\n').split('\n').slice(0, 3)).toEqual([
      'connector,stationId,siteId,accessibleMin,downMin,excludedMin,unknownMin,unmeasuredMin,reliablePercent,period',
      'S1#1#1,S1,harbour,2880,80,20,0,0,97.9167,complete',
      'NETWORK pooled,,,,,,,,97.9167,complete',
    ]);
    expect(await run('uptime --rule uk --month 2026-10')).toEqual([
      'UK, 2026 to 2026-10: not kept (99 % over 1 points of 50 kW and more)',
      'pooled\t97.9167 %',
      'mean of points\t97.9167 %',
      'unknown removed\t97.9167 %',
      'unknown as down\t97.9167 %',
    ]);
  });

  it('says so of a month that is not over, or has not begun', async () => {
    const { run } = await setting();
    const [unfinished] = await run('uptime --rule nevi --month 2026-11');
    expect(unfinished).toBe(
      'NEVI, twelve months to 2026-11: not kept, so far: the month is not over (each port above 97 %)',
    );
    expect(await run('uptime --rule nevi --month 2026-12')).toEqual([
      'NEVI, twelve months to 2026-12: not kept, the month has not begun (each port above 97 %)',
      'S1#1#1\t-\tnot measured',
    ]);
  });

  it('declares an exclusion and has its days computed again', async () => {
    const { run, declared, marks } = await setting();
    const flags = '--reason vandalism --from 2026-10-03T22:00:00Z --to 2026-10-04T02:00:00Z --connector 1#1';
    expect(await run(`exclude S1 ${flags}`)).toEqual(['S1: vandalism excluded on 2 days.']);
    expect(declared).toEqual([
      {
        reason: 'vandalism',
        fromAt: Date.parse('2026-10-03T22:00:00Z'),
        toAt: Date.parse('2026-10-04T02:00:00Z'),
        connectorKey: '1#1',
        by: 'command line: ada',
        at: Date.parse('2026-11-05T12:00:00Z'),
      },
    ]);
    expect(marks).toEqual(
      ['2026-10-02T23:00:00Z', '2026-10-03T23:00:00Z'].map((day) => ({
        kind: 'uptime',
        key: 'S1',
        startAt: Date.parse(day),
      })),
    );
    expect(await run('exclusions S1')).toEqual([
      '2026-10-03T22:00:00.000Z\t2026-10-04T02:00:00.000Z\tvandalism\t1#1\t\tcommand line: ada\t2026-11-05T12:00:00.000Z',
    ]);
  });

  it('declares one for a connector that was removed, whose days count', async () => {
    const removedConnectors = [{ evseId: 2, connectorId: 1, ratedW: 150_000, removedAt: Date.parse('2026-11-04') }];
    const { run, declared } = await setting({ removedConnectors });
    const exclude = 'exclude S1 --reason vandalism --from 2026-11-03T08:00:00Z --to 2026-11-03T12:00:00Z --connector';
    await run(`${exclude} 2#1`);
    expect(declared.map(({ connectorKey }) => connectorKey)).toEqual(['2#1']);
    await expect(run(`${exclude} 3#1`)).rejects.toThrow('S1 has no connector 3#1: 1#1, 2#1');
  });

  it('takes an exclusion back, whole or in part, and has the days of that computed again', async () => {
    const { run, declared, marks } = await setting();
    const [from, to] = ['2026-10-03T22:00:00Z', '2026-10-06T02:00:00Z'];
    await run(`exclude S1 --reason vandalism --from ${from} --to ${to}`);
    await run(`exclude S1 --reason closedHours --from ${from} --to ${to} --connector 1#1`);
    marks.length = 0;
    const part = '--from 2026-10-04T10:00:00Z --to 2026-10-04T12:00:00Z';
    expect(await run(`include S1 ${part} --reason vandalism`)).toEqual(['S1: counts again on 1 day.']);
    const spans = () =>
      declared.map(({ reason, fromAt, toAt }) => [
        reason,
        new Date(fromAt).toISOString(),
        new Date(toAt).toISOString(),
      ]);
    expect(spans()).toEqual([
      ['vandalism', '2026-10-03T22:00:00.000Z', '2026-10-04T10:00:00.000Z'],
      ['vandalism', '2026-10-04T12:00:00.000Z', '2026-10-06T02:00:00.000Z'],
      ['closedHours', '2026-10-03T22:00:00.000Z', '2026-10-06T02:00:00.000Z'],
    ]);
    expect(marks).toEqual([{ kind: 'uptime', key: 'S1', startAt: Date.parse('2026-10-03T23:00:00Z') }]);
    const whole = '--from 2026-10-01T00:00:00Z --to 2126-01-01T00:00:00Z';
    expect(await run(`include S1 ${whole} --connector 1#1`)).toEqual(['S1: counts again on 4 days.']);
    expect(await run(`include S1 ${whole}`)).toEqual(['S1: counts again on 4 days.']);
    expect(declared).toEqual([]);
    await expect(run(`include S1 ${whole}`)).rejects.toThrow('S1: nothing is excluded there');
  });

  it('refuses days whose statuses are forgotten, and names the first that is not', async () => {
    const { run, declared } = await setting();
    const flags = (from: string) => `--reason vandalism --from ${from} --to 2026-10-04T00:00:00Z`;
    const refusal =
      '--from: statuses are kept for 400 days, so days before 2025-10-03 stay as they are on record; ' +
      'the earliest is 2025-10-02T23:00:00.000Z';
    await expect(run(`exclude S1 ${flags('2025-10-02T22:59:59Z')}`)).rejects.toThrow(refusal);
    await expect(run(`include S1 ${flags('2025-10-02T22:59:59Z')}`)).rejects.toThrow(refusal);
    expect(declared).toEqual([]);
    expect(await run(`exclude S1 ${flags('2025-10-02T23:00:00Z')}`)).toEqual(['S1: vandalism excluded on 367 days.']);
  });

  it.each([
    ['uptime --rule x --month 2026-10', 'Which rule?'],
    ['uptime --rule uk --month 2026-13', 'Which month?'],
    ['uptime --rule nevi --month 0000-01', 'Which month?'],
    ['uptime A --rule uk --month 2026-10', '"A" is one word too many: uptime takes flags alone'],
    ['exclude S1 --reason rain --from 2026-10-03T22:00:00Z --to 2026-10-04T02:00:00Z', 'Which reason?'],
    ['exclude S1 --reason vandalism --from yesterday --to 2026-10-04T02:00:00Z', '--from: an instant'],
    ['exclude S1 --reason vandalism --from 2026-02-30T00:00:00Z --to 2026-10-04T02:00:00Z', '--from: an instant'],
    [
      'exclude S1 --reason vandalism --from 2026-10-03T22:00:00Z --to 2126-10-04T02:00:00Z',
      'at most 400 days from now',
    ],
    ['exclude S2 --reason vandalism --from 2026-10-03T22:00:00Z --to 2026-10-04T02:00:00Z', 'S2 is not registered'],
    [
      'exclude S1 --reason vandalism --from 2026-10-03T22:00:00Z --to 2026-10-04T02:00:00Z --connector 9#9',
      'no connector 9#9',
    ],
    ['uptime --rule nevi --month 2026-10 --site ', '--site is empty'],
    ['uptime --rule uk --month 2026-10 --connector 1#1', 'uptime has no --connector'],
    ['exclude', 'Which station?'],
    ['sing', 'There is no command "sing"'],
  ])('says what is wrong with %s', async (text, message) => {
    const { run } = await setting();
    await expect(run(text)).rejects.toThrow(message);
  });
});
