import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { connectionSender } from '../../aws/commands/connection-sender.ts';
import { mailboxStore } from '../../aws/commands/mailbox-store.ts';
import { credentialStore } from '../../aws/credential-store.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { tagList } from '../../aws/dynamodb/tag-list.ts';
import { ocppStream } from '../../aws/messaging/ocpp-stream.ts';
import { parkedArchive } from '../../aws/parked/parked-archive.ts';
import { siteStream } from '../../aws/sites/site-stream.ts';
import { commandCommand } from '../../cli/command/command-command.ts';
import { parkedCommand } from '../../cli/parked/parked-command.ts';
import { tellChange } from '../../cli/parked/tell-change.ts';
import { importStations } from '../../cli/station/register-station.ts';
import { tokenCommand } from '../../cli/token/token-command.ts';
import { anyDiscriminator } from '../../domain/commands/command-id.ts';
import type { Role } from '../../domain/kernel/role.ts';
import type { BusEvent } from '../../local/stack/local-service.ts';
import { type LocalStack, startLocal } from '../../local/stack/local-stack.ts';
import { synthesize } from '../../local/template/synthesize.ts';
import { system } from '../../runtime/system.ts';
import { redrive } from '../../use-cases/redrive/redrive.ts';
import { signedHeaders } from '../support/signed-headers.ts';

export type GraphqlAnswer = { readonly data?: Record<string, never>; readonly errors?: readonly unknown[] };

/** The synthesized stack on this machine, with stations to be. */
export type RunningStack = {
  /** Without a station id. */
  readonly url: string;
  readonly mqtt: string;
  /** Asks with the API key, signed as an IAM identity, or with a token of a role (issued to somebody of that name). */
  readonly graphql: (query: string, as?: 'key' | 'identity' | Role) => Promise<GraphqlAnswer>;
  /** The API's address and the issuer of tokens. */
  readonly endpoints: LocalStack['endpoints'];
  /** A token of a role, issued to somebody of that name; it is taken for an hour, or as many seconds. */
  readonly token: (role: Role, seconds?: number) => Promise<string>;
  /** Registers a station of its own for a test and returns its password. */
  readonly register: (stationId: string, ocpp: '1.6' | '2.0.1', zoneId?: string) => Promise<string>;
  /** Runs `npm run command` with these words and resolves to the lines it prints. Throws its Problem. */
  readonly command: (...words: string[]) => Promise<readonly string[]>;
  /** Runs `npm run parked` with these words and resolves to the lines it prints. Throws its Problem. */
  readonly parked: (...words: string[]) => Promise<readonly string[]>;
  /** A name the deployment gave a resource. */
  readonly output: (name: string) => string;
  /** Plays the outage of a store to the Lambdas, until it is set to undefined. */
  readonly setFault: LocalStack['setFault'];
  /** Ends a function in the midst of its work, by a part of its name. */
  readonly crash: LocalStack['crash'];
  /** Details of the events of a type that were put on the bus since the start. */
  readonly published: (type: string) => readonly Readonly<Record<string, unknown>>[];
  /** Puts an event of another system on the bus. */
  readonly ask: (source: string, type: string, detail: object) => Promise<void>;
  /** Puts the events of other systems of a type on the bus again, as the replay of an archive does. */
  readonly replay: (type: string) => Promise<void>;
  /** What went wrong inside the runtime or a Lambda since the start. */
  readonly problems: () => readonly string[];
  readonly stop: () => Promise<void>;
};

export const siteId = 'e2e-site';
export const goodTag = 'E2E-GOOD';
export const blockedTag = 'E2E-BLOCKED';
/** May charge at many stations at once. */
export const fleetTag = 'E2E-FLEET';

/** Boots the stack once for a test run. Stations get a CCS connector of 50 kW and a Type 2 of 22 kW. */
export const runningStack = async (): Promise<RunningStack> => {
  const assembly = await synthesize(join('.wattstream', 'e2e'));
  const folder = mkdtempSync(join(tmpdir(), 'wattstream-e2e-'));
  const problems: string[] = [];
  const log = (source: string, line: string) => {
    if (source === 'local') problems.push(line);
  };
  const stack = await startLocal({ assembly, folder, log, faults: true });
  const events = new Map<string, (readonly [busName: string, event: BusEvent])[]>();
  const seen = (type: string) => events.get(type) ?? [];
  stack.onEvent((busName, event) => {
    const type = String(event['detail-type']);
    events.set(type, [...seen(type), [busName, event]]);
  });
  Object.assign(process.env, stack.environment);
  const output = (name: string): string => String(stack.outputs[name]);
  const tags = tagList(output('TagsTable'));
  await tags.put({ tag: goodTag, status: 'Accepted' });
  await tags.put({ tag: blockedTag, status: 'Blocked' });
  await tags.put({ tag: fleetTag, status: 'Accepted', maxSessions: 100 });
  const ports = {
    registry: stationRegistry(output('StationsTable'), system),
    credentials: credentialStore(output('CredentialsTable')),
    stream: ocppStream(output('OcppStream')),
    now: Date.now,
    scryptCost: 16,
  };
  const { ocpp, mqtt, graphql, apiKey, tokens } = stack.endpoints;
  const token = async (role: Role, seconds = 3_600): Promise<string> => {
    const lines: string[] = [];
    const local = { stack: async () => ({ endpoints: { tokens } }), fetch };
    await tokenCommand(['--name', role, '--role', role, '--expires', `${seconds}`], local, (line) => lines.push(line));
    return lines.join('');
  };
  return {
    endpoints: stack.endpoints,
    token,
    url: ocpp,
    mqtt,
    graphql: async (query, as = 'key') => {
      const body = JSON.stringify({ query });
      const shows = async () => {
        if (as === 'key') return { 'x-api-key': apiKey };
        return as === 'identity' ? await signedHeaders(graphql, body) : { authorization: await token(as) };
      };
      const headers = { 'content-type': 'application/json', ...(await shows()) };
      const response = await fetch(graphql, { method: 'POST', headers, body });
      return (await response.json()) as GraphqlAnswer;
    },
    register: async (stationId, version, zoneId = 'e2e-zone') => {
      const password = `password-of-${stationId}`;
      const place = (evse: number) => (version === '1.6' ? `${evse}` : `${evse}.1`);
      const entry = {
        stationId,
        password,
        siteId,
        zoneId,
        region: 'e2e',
        timeZone: 'Europe/London',
        ocpp: version,
        connectors: [`${place(1)}:CCS:50`, `${place(2)}:Type2:22`],
      };
      await importStations([entry], ports);
      return password;
    },
    command: async (...words) => {
      const lines: string[] = [];
      const tables = { commands: output('CommandsTable'), stations: output('StationsTable') };
      await commandCommand(
        words,
        {
          mailboxes: mailboxStore(tables, system),
          sender: connectionSender(output('WebsocketCallbackUrl')),
          system,
          warn: (kind) => problems.push(kind),
          user: 'e2e',
          discriminator: anyDiscriminator(system.random),
        },
        (line) => lines.push(line),
      );
      return lines;
    },
    parked: async (...words) => {
      const lines: string[] = [];
      const archive = parkedArchive(output('ParkedBucket'));
      const back = redrive({
        stream: ports.stream,
        sites: siteStream(output('SignalStream'), system),
        tellChange: tellChange({ output }),
      });
      await parkedCommand(words, { archive, redrive: back, now: Date.now }, (line) => lines.push(line));
      return lines;
    },
    output,
    setFault: stack.setFault,
    crash: stack.crash,
    published: (type) => seen(type).map(([, { detail }]) => Object(detail)),
    ask: async (Source, DetailType, detail) => {
      const entry = { EventBusName: output('EventBus'), Source, DetailType, Detail: JSON.stringify(detail) };
      await new EventBridgeClient({}).send(new PutEventsCommand({ Entries: [entry] }));
    },
    replay: async (type) => {
      for (const [busName, event] of seen(type)) await stack.replay(busName, event, 'of-today');
    },
    problems: () => problems,
    stop: async () => {
      await stack.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
