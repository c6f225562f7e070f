import { parseArgs } from 'node:util';
import { type OpenAdrServer, readOpenAdrServer } from '../../domain/demand-response/openadr/openadr-server.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import type { OpenAdrCredentials } from '../../use-cases/ports/demand-response/openadr-connection.ts';
import type { KnownEvent, OpenAdrStore } from '../../use-cases/ports/demand-response/openadr-store.ts';
import { type Commands, commandAndSubject } from '../command-line/command-and-subject.ts';
import { jsonFile } from '../command-line/json-file.ts';
import { Problem } from '../command-line/problem.ts';

export const openAdrUsage = `Usage: npm run openadr -- COMMAND [--stage dev|prod]
  configure FILE.json               a server with the programs that are followed; replaces what was configured for it
  credential SERVER --client-id ID  its OAuth2 client; the secret is read from standard input, never from the command line
  list                              the servers and their programs
  status                            when each answered last, and what it said if it did not
  events SERVER                     its events, and what became of them
  remove SERVER                     ends the signals of its events at the next look, and follows it no more
Without --stage the stack that runs on this machine is meant (npm start -- --openadr); a deployed one needs -c openAdr=on.
A file: {"serverId": "utility", "url": "https://vtn.example.com/openadr3/3.1.0", "version": "3.1", "programs": [
  {"program": "summer-peak", "places": [{"zoneId": "zone-north"}], "simpleKw": {"1": 100, "2": 200, "3": 400}}]}`;

/** Reads the flags of the command. Throws node's own error for one it does not know. */
export const openAdrFlags = (argv: readonly string[]) =>
  parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { stage: { type: 'string' }, 'client-id': { type: 'string' }, help: { type: 'boolean' } },
  });

export type OpenAdrPorts = {
  readonly store: OpenAdrStore;
  readonly credentials: OpenAdrCredentials;
  /** A secret nobody can guess. */
  readonly makeSecret: () => string;
  /** What is typed or piped in. */
  readonly readInput: () => Promise<string>;
};
type Print = (line: string) => void;

const serverIn = async (file: string): Promise<OpenAdrServer> => {
  const content = await jsonFile(file);
  try {
    return readOpenAdrServer(content);
  } catch (error) {
    if (error instanceof Rejected) throw new Problem(`${file}: ${error.message}`);
    throw error;
  }
};

const configure = async (file: string, { store, credentials }: OpenAdrPorts, print: Print): Promise<void> => {
  const server = await serverIn(file);
  const { serverId, programs } = server;
  await store.putServer(server);
  print(`${serverId}: ${programs.length} ${programs.length === 1 ? 'program' : 'programs'}.`);
  if ((await credentials.of(serverId)) === undefined)
    print(`It has no credential yet: npm run openadr -- credential ${serverId} --client-id ID`);
};

const found = async (serverId: string, store: OpenAdrStore): Promise<OpenAdrServer> => {
  const server = (await store.servers()).find((one) => one.serverId === serverId);
  if (server === undefined) throw new Problem(`There is no server ${serverId}: npm run openadr -- list`);
  return server;
};

const putCredential = async (
  serverId: string,
  clientId: string | undefined,
  { store, credentials, makeSecret, readInput }: OpenAdrPorts,
  print: Print,
): Promise<void> => {
  await found(serverId, store);
  if (clientId === undefined) throw new Problem(`--client-id is missing\n\n${openAdrUsage}`);
  const clientSecret = (await readInput()).trim();
  if (clientSecret === '') throw new Problem('The secret is empty: write it to standard input');
  const known = await credentials.of(serverId);
  await credentials.put(serverId, { clientId, clientSecret, callbackToken: known?.callbackToken ?? makeSecret() });
  print(`${serverId}: the credential is kept, and used within a minute.`);
};

const NONE = 'No server is configured.';

const list = async (store: OpenAdrStore, print: Print): Promise<void> => {
  const servers = await store.servers();
  if (servers.length === 0) return print(NONE);
  for (const { serverId, url, version, programs } of servers) {
    const followed = programs.map(({ program }) => program).join(', ');
    print(`${serverId}  OpenADR ${version}  ${url}  ${followed === '' ? 'removed: followed no more' : followed}`);
  }
};

const status = async (store: OpenAdrStore, print: Print): Promise<void> => {
  const servers = await store.servers();
  if (servers.length === 0) return print(NONE);
  for (const { serverId } of servers) {
    const { answeredAt, problem } = (await store.state(serverId)) ?? {};
    const last = answeredAt === undefined ? 'never answered' : `answered ${new Date(answeredAt).toISOString()}`;
    print(problem === undefined ? `${serverId}  ${last}` : `${serverId}  ${last}  problem: ${problem}`);
  }
};

const eventLine = ({ event, submitted, refusals, report }: KnownEvent): string =>
  [
    event.eventId,
    event.name ?? '-',
    `changed ${new Date(event.version).toISOString()}`,
    `signals ${submitted.length === 0 ? '-' : submitted.join(' ')}`,
    ...refusals.map((why) => `refused: ${why}`),
    ...(report === undefined ? [] : [`report ${report.reportId}`]),
  ].join('  ');

const commands = {
  configure: { flags: [] },
  credential: { flags: ['client-id'] },
  list: { flags: [], alone: true },
  status: { flags: [], alone: true },
  events: { flags: [] },
  remove: { flags: [] },
} as const satisfies Commands;

/** Runs `openadr configure|credential|list|status|events|remove`. */
export const openAdrCommand = async (argv: readonly string[], ports: OpenAdrPorts, print: Print): Promise<void> => {
  const line = openAdrFlags(argv);
  const { store } = ports;
  const [command, subject] = commandAndSubject(line, commands, openAdrUsage);
  const needed = (): string => {
    if (subject === undefined) throw new Problem(openAdrUsage);
    return subject;
  };
  switch (command) {
    case 'configure':
      return configure(needed(), ports, print);
    case 'credential':
      return putCredential(needed(), line.values['client-id'], ports, print);
    case 'list':
      return list(store, print);
    case 'status':
      return status(store, print);
    case 'events': {
      const { serverId } = await found(needed(), store);
      const events = await store.events(serverId);
      if (events.length === 0) return print(`${serverId} has told no events.`);
      for (const known of events) print(eventLine(known));
      return;
    }
    case 'remove': {
      const server = await found(needed(), store);
      // Without programs none of its events is followed: the next look ends their signals, and a later one would find nothing.
      await store.putServer({ ...server, programs: [] });
      return print(`${server.serverId}: followed no more. Its signals end within a minute.`);
    }
  }
};
