import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { matchesCredential } from '../../aws/credential.ts';
import { connectorSpec } from '../../cli/station/connector-spec.ts';
import { stationCommand } from '../../cli/station/station-command.ts';
import { tagCommand } from '../../cli/tag/tag-command.ts';
import { fakeCredentialStore } from '../fakes/credential-store.ts';
import { fakeOcppStream } from '../fakes/ocpp-stream.ts';
import { fakeStationConnectivity } from '../fakes/station-connectivity.ts';
import { fakeStationRegistry } from '../fakes/station-registry.ts';
import { fakeTagList } from '../fakes/tag-list.ts';

const place = [
  '--site',
  'S1',
  '--zone',
  'Z1',
  '--region',
  'R1',
  '--timezone',
  'Europe/London',
  '--connector',
  '1:CCS:50',
];
const add = (id: string, ...more: string[]) => ['add', id, ...place, ...more];

const setUp = () => {
  const registry = fakeStationRegistry();
  const credentials = fakeCredentialStore();
  const connectivity = fakeStationConnectivity('CP01');
  const stream = fakeOcppStream();
  const tags = fakeTagList();
  const closed: string[] = [];
  const lines: string[] = [];
  const sockets = { close: async (connectionId: string) => void closed.push(connectionId) };
  const ports = { registry, credentials, connectivity, stream, sockets, tags, now: () => 5, scryptCost: 16 };
  const run = (...argv: string[]) => stationCommand(argv, ports, (line) => lines.push(line));
  const connect = () =>
    connectivity.open({ stationId: 'CP01', connectionId: 'a', ocpp: '1.6', transport: 'websocket', at: 1 });
  return { registry, credentials, stream, tags, closed, lines, run, connect };
};

const told = { kind: 'registered', stationId: 'CP01', receivedAt: 5 };

describe('station add', () => {
  it('registers the station, tells the stream, and shows the made password once', async () => {
    const { registry, credentials, stream, lines, run } = setUp();
    await run(...add('CP01', '--contract-max-kw', '43', '--lat', '51.5'));
    const registered = await registry.find('CP01');
    const password = /^Password, shown this once: (\S{20})$/.exec(lines[1] ?? '')?.[1] ?? '';
    expect([registered?.contractMaxW, registered?.latitude, stream.records, lines[0]]).toEqual([
      43_000,
      51.5,
      [told],
      'CP01: added.',
    ]);
    expect(await matchesCredential(password, (await credentials.find('CP01')) ?? '')).toBe(true);
  });

  it('takes a password of the operator’s own, and does not show it', async () => {
    const { credentials, lines, run } = setUp();
    await run(...add('CP01', '--password', 'sixteen-letters!'));
    const credential = (await credentials.find('CP01')) ?? '';
    expect([lines, await matchesCredential('sixteen-letters!', credential)]).toEqual([['CP01: added.'], true]);
  });

  it('changes nothing the second time, but tells the stream again', async () => {
    const { registry, stream, lines, run } = setUp();
    await run(...add('CP01', '--password', 'sixteen-letters!'));
    const before = await registry.find('CP01');
    await run(...add('CP01', '--password', 'sixteen-letters!'));
    await run(...add('CP01'));
    expect([lines.slice(1), await registry.find('CP01'), stream.records]).toEqual([
      ['CP01: unchanged.', 'CP01: unchanged.'],
      before,
      [told, told, told],
    ]);
  });

  it('refuses to change a registered station unless asked to', async () => {
    const { registry, run } = setUp();
    await run(...add('CP01'));
    await expect(run(...add('CP01', '--model', 'M'))).rejects.toThrow(
      'CP01 is registered already, and otherwise: add --replace to change it',
    );
    await run(...add('CP01', '--model', 'M', '--replace'));
    expect((await registry.find('CP01'))?.model).toBe('M');
  });

  it('notes when a connector was added to a registered station, and keeps that', async () => {
    const { registry, lines, run } = setUp();
    await run(...add('CP01', '--password', 'sixteen-letters!', '--commissioned', '2026-10-01T08:00:00Z'));
    const enlarged = add('CP01', '--connector', '2:CCS:50', '--commissioned', '2026-10-01T08:00:00Z');
    await run(...enlarged, '--replace');
    await run(...enlarged);
    const added = (await registry.find('CP01'))?.connectors.map(({ evseId, addedAt }) => [evseId, addedAt]);
    expect([added, lines.slice(1)]).toEqual([
      [
        [1, undefined],
        [2, 5],
      ],
      ['CP01: changed.', 'CP01: unchanged.'],
    ]);
  });

  it('notes which connectors a registered station had, and keeps that', async () => {
    const { registry, run } = setUp();
    await run(...add('CP01', '--password', 'sixteen-letters!', '--connector', '2:CCS:50'));
    for (const connectors of [[], [], ['--connector', '2:CCS:50'], []])
      await run(...add('CP01', ...connectors, '--replace'));
    const second = { evseId: 2, connectorId: 2, ratedW: 50_000, removedAt: 5 };
    expect((await registry.find('CP01'))?.removedConnectors).toEqual([second, { ...second, addedAt: 5 }]);
  });

  it('hangs up on a station whose admission changes, so that it hears of it', async () => {
    const { closed, run, connect } = setUp();
    await run(...add('CP01', '--admission', 'pending'));
    await connect();
    await run(...add('CP01', '--admission', 'pending', '--replace'));
    const before = [...closed];
    await run(...add('CP01', '--replace'));
    expect([before, closed]).toEqual([[], ['a']]);
  });

  it.each([
    [add('CP 01'), '"CP 01" is no station id'],
    [['add'], 'Which station? Give its id.'],
    [['add', 'CP01'], 'Missing: --site, --zone'],
    [add('CP01', '--lat', 'north'), 'latitude must be a number'],
    [add('CP01', '--lat', ''), 'latitude must be a number'],
    [add('CP01', '--colour', 'red'), "Unknown option '--colour'"],
    [['ad'], 'There is no command "ad".'],
    [[], 'Usage: npm run station'],
  ])('%j is refused before anything is written', async (argv, message) => {
    const { registry, stream, run } = setUp();
    await expect(run(...argv)).rejects.toThrow(message);
    expect([await registry.list(), stream.records]).toEqual([[], []]);
  });
});

describe('station list', () => {
  it('shows stations, of one site if asked, and never a credential', async () => {
    const { lines, run } = setUp();
    await run(...add('CP02'));
    await run('add', 'CP01', ...place, '--site', 'S2', '--connector', '2.1:Type2:22');
    lines.length = 0;
    await run('list');
    await run('list', '--site', 'S2', '--json');
    expect(lines.slice(0, 3)).toEqual([
      'STATION\tSITE\tZONE\tREGION\tADMISSION\tCONNECTORS',
      'CP01\tS2\tZ1\tR1\taccepted\t1.1:CCS:50 2.1:Type2:22',
      'CP02\tS1\tZ1\tR1\taccepted\t1.1:CCS:50',
    ]);
    expect(JSON.parse(lines[3] ?? '')).toEqual([
      {
        stationId: 'CP01',
        commissionedAt: 5,
        siteId: 'S2',
        zoneId: 'Z1',
        region: 'R1',
        timeZone: 'Europe/London',
        admission: 'accepted',
        connectors: [connectorSpec('1:CCS:50'), connectorSpec('2.1:Type2:22')],
      },
    ]);
  });
});

describe('station remove and rotate', () => {
  it('takes a station out, hangs up, and says what stays', async () => {
    const { registry, credentials, closed, lines, run, connect } = setUp();
    await run(...add('CP01'));
    await connect();
    lines.length = 0;
    await run('remove', 'CP01');
    expect([await registry.find('CP01'), await credentials.find('CP01'), closed, lines]).toEqual([
      undefined,
      undefined,
      ['a'],
      [
        'CP01: removed; it gets 404 from now on.',
        'Its open connection was closed.',
        'What it did stays: sessions, timeline and windows, and the last state of its connectors.',
        'Reports of uptime count it up to the day before 1970-01-01T00:00:00.005Z.',
      ],
    ]);
    await expect(run('remove', 'CP01')).rejects.toThrow('CP01 is not registered.');
  });

  it('keeps what a removed station was, with when it went out of service: now, or as told', async () => {
    const { registry, run } = setUp();
    await run(...add('CP01', '--commissioned', '1969-10-01T00:00:00Z'));
    const was = await registry.find('CP01');
    await expect(run('remove', 'CP01', '--decommissioned', '1970-01-02T00:00:00Z')).rejects.toThrow(
      '--decommissioned: an instant that has been',
    );
    await run('remove', 'CP01', '--decommissioned', '1969-12-24T00:00:00Z');
    await run(...add('CP01'));
    const wasAgain = await registry.find('CP01');
    await run('remove', 'CP01');
    expect(await registry.former()).toEqual([
      { ...was, decommissionedAt: Date.parse('1969-12-24T00:00:00Z') },
      { ...wasAgain, decommissionedAt: 5 },
    ]);
  });

  it('replaces the password and nothing else', async () => {
    const { registry, credentials, run } = setUp();
    await run(...add('CP01', '--password', 'sixteen-letters!'));
    const before = await registry.find('CP01');
    await run('rotate', 'CP01', '--password', 'another-sixteen-letters');
    const credential = (await credentials.find('CP01')) ?? '';
    expect([
      await matchesCredential('sixteen-letters!', credential),
      await matchesCredential('another-sixteen-letters', credential),
      await registry.find('CP01'),
    ]).toEqual([false, true, before]);
  });

  it('makes a password when none is given', async () => {
    const { credentials, lines, run } = setUp();
    await run(...add('CP01'));
    await run('rotate', 'CP01');
    const credential = (await credentials.find('CP01')) ?? '';
    expect(await matchesCredential((lines.at(-1) ?? '').replace('Password, shown this once: ', ''), credential)).toBe(
      true,
    );
  });

  it.each([
    [['rotate', 'CP99'], 'CP99 is not registered: see npm run station -- list'],
    [['rotate', 'CP99', '--password', 'short'], 'the password must have 16 to 256 characters'],
  ])('%j is refused', async (argv, message) => {
    await expect(setUp().run(...argv)).rejects.toThrow(message);
  });
});

describe('a station command', () => {
  it.each([
    [['add', 'CP01', '--site', 'S1'], 'Missing: --zone, --region, --timezone, --connector'],
    [add('CP01', 'CP02'), '"CP02" is one word too many'],
    [['remove', 'CP01', 'CP02'], '"CP02" is one word too many'],
    [['remove', ''], 'What "remove" is about is empty'],
    [['list', '--site', ''], '--site is empty'],
    [['list', 'S1'], '"S1" is one word too many: list takes flags alone'],
    [['list', '--region', 'uk'], 'list has no --region'],
    [['rotate', 'CP01', '--admission', 'rejected'], 'rotate has no --admission'],
    [[], 'Usage: npm run station'],
  ])('%j is refused, and nothing is written', async (argv, message) => {
    const { registry, run } = setUp();
    await expect(run(...argv)).rejects.toThrow(message);
    expect(await registry.list()).toEqual([]);
  });
});

describe('station import', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wattstream-seed-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const entry = (stationId: string, over: object = {}) => ({
    stationId,
    siteId: 'S1',
    zoneId: 'Z1',
    region: 'R1',
    timeZone: 'UTC',
    connectors: ['1:CCS:50'],
    password: 'sixteen-letters!',
    ...over,
  });
  const file = async (content: unknown) => {
    const path = join(folder, 'seed.json');
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };

  it('registers what is new, replaces what is otherwise, and can be repeated', async () => {
    const { registry, tags, lines, run } = setUp();
    await run('import', await file({ stations: [entry('CP01'), entry('CP02')] }));
    const next = { stations: [entry('CP01'), entry('CP02', { zoneId: 'Z2' }), entry('CP03')], tags: [{ tag: 'T1' }] };
    await run('import', await file(next));
    expect([lines, (await registry.list()).map(({ zoneId }) => zoneId), await tags.list()]).toEqual([
      ['Stations: 2 added, 0 changed, 0 unchanged.', 'Stations: 1 added, 1 changed, 1 unchanged.', 'Tags: 1 written.'],
      ['Z1', 'Z2', 'Z1'],
      [{ tag: 'T1', status: 'Accepted' }],
    ]);
  });

  it('reads a file that begins with a byte order mark', async () => {
    const { lines, run } = setUp();
    await run('import', await file(`\uFEFF${JSON.stringify({ stations: [entry('CP01')] })}`));
    expect(lines).toEqual(['Stations: 1 added, 0 changed, 0 unchanged.']);
  });

  it('shows the passwords it had to make', async () => {
    const { lines, run } = setUp();
    await run('import', await file({ stations: [entry('CP01', { password: undefined })] }));
    expect(lines[1]).toMatch(/^CP01\tpassword, shown this once: \S{20}$/);
  });

  it.each([
    ['{oops', 'is no JSON'],
    [[], 'must hold an object'],
    [{ station: [] }, 'knows "stations" and "tags", not "station"'],
    [{ stations: {} }, '"stations" in'],
    [{ stations: [entry('CP01'), entry('CP 02')] }, 'station 2 of the list: "CP 02" is no station id'],
    [{ stations: [entry('CP01'), entry('CP01')] }, 'CP01 stands in the list twice'],
    [{ stations: [entry('CP01')], tags: [{ tag: 'T1' }, { tag: 'T2', status: 'Gone' }] }, 'tag 2 of the list: status'],
  ])('%j is refused before anything is written', async (content, message) => {
    const { registry, run } = setUp();
    await expect(run('import', await file(content))).rejects.toThrow(message);
    expect(await registry.list()).toEqual([]);
  });

  it('says when there is no such file', async () => {
    await expect(setUp().run('import', join(folder, 'none.json'))).rejects.toThrow('Cannot read');
  });

  it('seeds five hundred stations', async () => {
    const { registry, stream, run } = setUp();
    const stations = Array.from({ length: 500 }, (_, index) => entry(`CP${index}`, { password: undefined }));
    await run('import', await file({ stations }));
    expect([(await registry.list()).length, stream.records.length]).toEqual([500, 500]);
  });
});

describe('tag', () => {
  const run = async (list = fakeTagList(), ...argv: string[]) => {
    const lines: string[] = [];
    await tagCommand(argv, list, (line) => lines.push(line));
    return lines;
  };

  it('adds, lists and removes', async () => {
    const list = fakeTagList();
    expect([
      await run(list, 'add', 't1', '--expires', '2027-01-31T00:00:00Z', '--parent', 'G1'),
      await run(list, 'add', 'T2', '--status', 'Blocked', '--max-sessions', '3'),
      await run(list, 'list'),
      await run(list, 'remove', 'T1'),
      JSON.parse((await run(list, 'list', '--json'))[0] ?? ''),
      await run(list, 'remove', 'T2'),
      await run(list, 'list'),
    ]).toEqual([
      ['t1: Accepted.'],
      ['T2: Blocked.'],
      [
        'TAG\tSTATUS\tEXPIRES\tPARENT\tSESSIONS',
        'T1\tAccepted\t2027-01-31T00:00:00.000Z\tG1\t1',
        'T2\tBlocked\t-\t-\t3',
      ],
      ['T1: removed.'],
      [{ tag: 'T2', status: 'Blocked', maxSessions: 3 }],
      ['T2: removed.'],
      ['The tag list is empty.'],
    ]);
  });

  it.each([
    [['add'], 'Which tag?'],
    [['remove', 'T1'], 'T1 is not on the list.'],
    [['add', 'T1', '--status', 'ok'], 'status must be one of'],
    [['add', 'T1', '--max-sessions', '0'], 'maxSessions must be a number from 1 to 100'],
    [['add', 'T1', '--max-sessions', '1.5'], 'maxSessions must be a whole number'],
    [['add', 'T1', '--max-sessions', 'many'], 'maxSessions must be a number'],
    [['block', 'T1'], 'There is no command "block".'],
    [['add', 'T1', 'T2'], '"T2" is one word too many'],
    [['list', 'T1'], '"T1" is one word too many'],
    [['remove', 'T1', '--status', 'Blocked'], 'remove has no --status'],
  ])('%j is refused', async (argv, message) => {
    await expect(run(fakeTagList(), ...argv)).rejects.toThrow(message);
  });
});
