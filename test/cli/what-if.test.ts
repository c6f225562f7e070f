import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'what-if-'));

const run = (cases: readonly unknown[], ...flags: string[]) => {
  const file = join(folder, 'cases.json');
  writeFileSync(file, JSON.stringify({ cases }));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['cli/what-if.ts', file, ...flags], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { status, lines: stdout.split('\n').filter(Boolean), stderr };
};

const site = { limitKw: 100, siteKw: 40, evKw: 20 };
const session = { id: 'a', maxKw: 22, minKw: 4.14 };
const good = { id: 'good', site, sessions: [session] };
const signal = { id: 'g', type: 'SHED', targetReductionKw: 5 };
const answered = {
  id: 'good',
  budgetKw: 80,
  effectiveBudgetKw: 22,
  allocations: { a: 22 },
  paused: [],
};

describe('npm run what-if', () => {
  it.each(['leastLaxity', 'least-laxity', 'earliestDeparture', 'earliest-departure', 'equal'])(
    'takes the name of a strategy as published cases write it and as the product does: %s',
    (strategy) => {
      const { status, lines } = run([{ ...good, strategy }]);
      expect([status, lines.map((line) => JSON.parse(line))]).toEqual([0, [answered]]);
    },
  );

  it.each([
    ['an unknown key', { ...good, id: 'X', limit: 3 }, 'limit'],
    ['an unknown key of a session', { ...good, id: 'X', sessions: [{ ...session, maxKW: 1 }] }, 'sessions[0].maxKW'],
    ['a missing key', { ...good, id: 'X', sessions: [{ id: 'a', minKw: 1 }] }, 'sessions[0].maxKw'],
    ['a missing site', { id: 'X', sessions: [] }, 'site'],
    ['a margin above the whole', { ...good, id: 'X', site: { ...site, marginPct: 5 } }, 'site.marginPct'],
    ['a negative minimum', { ...good, id: 'X', sessions: [{ ...session, minKw: -1 }] }, 'sessions[0].minKw'],
    ['a weight of nothing', { ...good, id: 'X', sessions: [{ ...session, weight: 0 }] }, 'sessions[0].weight'],
    ['a phase that is none', { ...good, id: 'X', sessions: [{ ...session, phases: ['L4'] }] }, 'sessions[0].phases'],
    ['a strategy that is none', { ...good, id: 'X', strategy: 'random' }, 'strategy'],
    ['a flag that is text', { ...good, id: 'X', sessions: [{ ...session, controllable: 'no' }] }, 'controllable'],
    [
      'what is reserved left out',
      { ...good, id: 'X', sessions: [{ ...session, controllable: false }] },
      'sessions[0].reservedKw',
    ],
    ['two sessions of one id', { ...good, id: 'X', sessions: [session, session] }, 'sessions'],
    [
      'a circuit of strangers',
      { ...good, id: 'X', circuits: [{ id: 'F', limitKw: 3, sessions: ['b'] }] },
      'circuits[0].sessions',
    ],
    ['a kind that is none', { id: 'X', kind: 'dance' }, 'kind'],
    [
      'a priority that is none',
      { id: 'X', kind: 'allocate', stations: [], signals: [{ ...signal, priority: 4 }] },
      'signals[0].priority',
    ],
    [
      'samples without an instant',
      { id: 'X', kind: 'allocate', stations: [{ id: 'A', floorKw: 0, samples: [] }], signals: [] },
      'nowSec',
    ],
  ])('refuses %s by case and key, and answers the others', (_, bad, key) => {
    const { status, lines, stderr } = run([good, bad, good]);
    expect({ status, lines: lines.map((line): unknown => JSON.parse(line)) }).toEqual({
      status: 2,
      lines: [answered, { id: 'X', error: expect.stringContaining(key) }, answered],
    });
    expect(stderr).toContain('Case X');
    expect(stderr).toContain(key);
  });

  it('names a case without an id by its place', () => {
    const { status, lines } = run([good, { site }]);
    expect({ status, error: JSON.parse(lines[1] ?? '') }).toEqual({
      status: 2,
      error: { error: expect.stringContaining('Case number 2: id is missing') },
    });
  });

  it('tells people who got how much and which limit stopped them', () => {
    const feeder = { id: 'F', limitKw: 10, sessions: ['b'] };
    const { status, lines } = run(
      [{ ...good, sessions: [session, { ...session, id: 'b' }], circuits: [feeder] }],
      '--explain',
    );
    expect({ status, lines }).toEqual({
      status: 0,
      lines: [
        'good:',
        '  budget 80.00 kW, usable 44.00 kW, given 32.00 kW, strategy bid-weighted',
        '  a: 22.00 kW - takes no more, weight 1',
        '  b: 10.00 kW - feeder F, weight 1',
      ],
    });
  });

  it('says what is wrong with a file that is none', () => {
    const { status, stderr } = spawnSync(process.execPath, ['cli/what-if.ts', 'package.json'], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('"cases"') });
  });
});
