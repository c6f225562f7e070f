import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAdrCommand } from '../../cli/openadr/openadr-command.ts';
import { fakeOpenAdrCredentials, fakeOpenAdrStore } from '../fakes/openadr.ts';

const server = {
  serverId: 'utility',
  url: 'https://vtn.example.com',
  version: '3.1',
  programs: [{ program: 'peak', places: [{ zoneId: 'north' }] }],
};

const setting = () => {
  const store = fakeOpenAdrStore();
  const credentials = fakeOpenAdrCredentials();
  const lines: string[] = [];
  const ports = { store, credentials, makeSecret: () => 'made', readInput: async () => 'hush\n' };
  const run = (...argv: string[]) => openAdrCommand(argv, ports, (line) => lines.push(line));
  const configure = async (content: object = server) => {
    const file = join(await mkdtemp(join(tmpdir(), 'openadr-')), 'server.json');
    await writeFile(file, JSON.stringify(content));
    await run('configure', file);
  };
  return { store, credentials, lines, run, configure };
};

describe('npm run openadr', () => {
  it('configures a server, and says what it still needs', async () => {
    const { configure, lines, run } = setting();
    await configure();
    await run('list');
    expect(lines).toEqual([
      'utility: 1 program.',
      'It has no credential yet: npm run openadr -- credential utility --client-id ID',
      'utility  OpenADR 3.1  https://vtn.example.com  peak',
    ]);
  });

  it('refuses a file with a secret in it, and keeps nothing', async () => {
    const { configure, store } = setting();
    await expect(configure({ ...server, clientSecret: 'x' })).rejects.toThrow('clientSecret is not known');
    expect(await store.servers()).toEqual([]);
  });

  it('reads the secret from standard input, prints none, and keeps the callback token when it changes', async () => {
    const { configure, credentials, lines, run } = setting();
    await configure();
    await run('credential', 'utility', '--client-id', 'ven');
    await run('credential', 'utility', '--client-id', 'ven-2');
    expect(await credentials.of('utility')).toEqual({
      clientId: 'ven-2',
      clientSecret: 'hush',
      callbackToken: 'made',
    });
    expect(lines.join()).not.toMatch(/hush|made/);
  });

  it('tells how the last look at each server went', async () => {
    const { configure, lines, run, store } = setting();
    await configure();
    await run('status');
    await store.putState({ serverId: 'utility', answeredAt: 0, problem: 'GET /events answered 503' });
    await run('status');
    expect(lines.slice(2)).toEqual([
      'utility  never answered',
      'utility  answered 1970-01-01T00:00:00.000Z  problem: GET /events answered 503',
    ]);
  });

  it('leaves a server that is removed to the next look, which ends its signals', async () => {
    const { configure, run, store } = setting();
    await configure();
    await run('remove', 'utility');
    expect(await store.servers()).toEqual([expect.objectContaining({ serverId: 'utility', programs: [] })]);
  });

  it.each([
    [['remove', 'nobody'], /There is no server nobody/],
    [['credential', 'nobody', '--client-id', 'x'], /There is no server nobody/],
    [['frobnicate'], /There is no command "frobnicate"/],
    [['configure'], /Usage/],
    [['remove', 'utility', '--client-id', 'x'], /remove has no --client-id/],
    [['status', 'utility'], /"utility" is one word too many/],
  ])('refuses %j', async (argv, why) => {
    await expect(setting().run(...argv)).rejects.toThrow(why);
  });
});
