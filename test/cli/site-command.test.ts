import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { siteCommand } from '../../cli/site/site-command.ts';
import type { SiteConfiguration } from '../../domain/site/site-configuration.ts';
import { withSignal } from '../../domain/site/with-signal.ts';
import type { SiteRecord } from '../../use-cases/ports/sites/site-record.ts';
import { configuration, emptySite, limited, noon, planOf, second } from '../domain/site/given-site.ts';
import { fakeSiteStore } from '../fakes/site-store.ts';

const setting = (...configured: readonly SiteConfiguration[]) => {
  const configurations = fakeSiteStore(...configured);
  const told: SiteRecord[] = [];
  const passwords = new Map<string, string>();
  const lines: string[] = [];
  const ports = {
    configurations,
    states: configurations.states,
    credentials: { put: async (id: string, credential: string) => void passwords.set(id, credential) },
    survey: { stations: async () => planOf(2).stations },
    stream: { put: async (records: readonly SiteRecord[]) => void told.push(...records) },
    makePassword: async () => ({ password: 'secret', credential: 'hash of secret' }),
    clock: () => noon,
  };
  const site = (...argv: string[]) => siteCommand(argv, ports, (line) => void lines.push(line));
  return { configurations, told, passwords, lines, site };
};

describe('site configure', () => {
  it('sets what its flags say, keeps the rest, and tells the controller', async () => {
    const { configurations, lines, site, told } = setting();
    await site('configure', 'depot', '--limit', '90', '--controlled', '--strategy', 'least-laxity');
    await site('configure', 'depot', '--margin', '5', '--no-controlled');
    expect(await configurations.find('depot')).toMatchObject({
      revision: 2,
      limitW: 90_000,
      marginPercent: 5,
      controlled: false,
      strategy: 'least-laxity',
    });
    expect(told.map(({ kind }) => kind)).toEqual(['site-configured', 'site-configured']);
    expect(lines).toContain('depot: revision 2, 90 kW.');
  });

  it('takes more from a file, which flags override', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'site-')), 'site.json');
    await writeFile(file, JSON.stringify({ limitW: 10_000, feeders: [{ feederId: 'F1', limitW: 5_000 }] }));
    const { configurations, lines, site } = setting();
    await site('configure', 'depot', '--file', file, '--limit', '90');
    expect(await configurations.find('depot')).toMatchObject({ limitW: 90_000, feeders: [{ feederId: 'F1' }] });
    expect(lines).toContain('note: No connector is registered on feeder F1');
  });

  it('takes what show prints', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'site-')), 'site.json');
    const known = configuration({
      feeders: [{ feederId: 'F1', limitW: 5_000 }],
      phases: { voltageV: 230, limitA: 63 },
      minimums: [{ connectorType: 'CCS', minimumW: 5_000 }],
    });
    const { configurations, lines, site } = setting(known);
    await site('show', 'depot');
    await writeFile(file, lines[0] ?? '');
    await site('configure', 'depot', '--file', file, '--margin', '7');
    expect(await configurations.find('depot')).toEqual({ ...known, marginPercent: 7, revision: 2 });
  });

  it.each([
    [['--limit', 'much'], '--limit "much" is no number'],
    [['--strategy', 'best', '--limit', '9'], 'strategy'],
    [[], 'limitW: a site is configured with the limit of its grid connection at least'],
    [['--limit', '90', '--fallback', '130'], 'The fall-back share is 130 % of the limit'],
    [['--file', '/nowhere.json'], 'Cannot read /nowhere.json: ENOENT'],
  ])('refuses %j in a sentence', async (flags, why) => {
    await expect(setting().site('configure', 'depot', ...flags)).rejects.toThrow(why);
  });
});

describe('the other commands of site', () => {
  it('list and show what is configured', async () => {
    const { lines, site } = setting(configuration({ limitW: 30_000 }));
    await site('list');
    await site('show', 'depot');
    expect(lines[0]).toBe('depot\t30 kW\tcontrolled\trevision 1');
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ revision: 1, limitW: 30_000, meterStaleSeconds: 60 });
    await expect(site('show', 'yard')).rejects.toThrow('yard is not configured');
  });

  it('tell which limits are signalled, and by whom', async () => {
    const { configurations, lines, site } = setting(configuration());
    await site('limits', 'depot');
    const said = [
      limited(40_000, noon, { by: 'bus: 1/grid', to: second(60) }),
      limited(30_000, second(-60), { by: 'ada', to: noon }),
      limited(16, noon, { by: 'site:depot', scope: { kind: 'phases' }, from: second(90) }),
      limited(5_000, noon, { by: 'ada', scope: { kind: 'station', stationId: 'WS-0007' } }),
    ];
    await configurations.commit({ ...said.reduce(withSignal, emptySite), rev: 1 }, noon);
    await site('limits', 'depot');
    expect(lines).toEqual([
      'depot: no limit is signalled.',
      'limit of site\t40 kW\tfrom 2026-11-20T12:00:00.000Z until 2026-11-20T12:01:00.000Z\tbus: 1/grid',
      'limit of phases\t16 A\tfrom 2026-11-20T12:01:30.000Z\tsite:depot',
      'limit of station WS-0007\t5 kW\tfrom 2026-11-20T12:00:00.000Z\toperators',
    ]);
  });

  it('say of which site nobody has told a limit, as its name may be misspelt', async () => {
    const { lines, site } = setting();
    await site('limits', 'depto');
    expect(lines).toEqual(['depto: no limit is signalled.', 'note: depto is not configured']);
  });

  it('make a password for the building, kept as its hash and printed once', async () => {
    const { lines, passwords, site } = setting();
    await site('password', 'depot');
    expect([lines, [...passwords]]).toEqual([
      ['depot: client id site:depot, password secret', 'note: depot is not configured'],
      [['site:depot', 'hash of secret']],
    ]);
    await expect(site('password', 'a/b')).rejects.toThrow('a/b is no name of a site');
  });

  it('say how they are used', async () => {
    await expect(setting().site('paint', 'depot')).rejects.toThrow('There is no command "paint"');
    await expect(setting().site('limits', 'depot', '--limit', '9')).rejects.toThrow('limits has no --limit');
    await expect(setting().site('show')).rejects.toThrow('Usage: npm run site');
    await expect(setting().site('show', 'depot', 'twice')).rejects.toThrow('"twice" is one word too many');
  });
});
