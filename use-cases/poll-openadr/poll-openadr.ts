import pMap from 'p-map';
import {
  type OpenAdrProgram,
  readOpenAdrEvent,
  readOpenAdrProgram,
} from '../../domain/demand-response/openadr/openadr-event.ts';
import type { OpenAdrServer } from '../../domain/demand-response/openadr/openadr-server.ts';
import { MINUTE_MS } from '../../domain/kernel/durations.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import {
  type OpenAdrConnect,
  type OpenAdrConnection,
  type OpenAdrCredentials,
  OpenAdrUnanswered,
} from '../ports/demand-response/openadr-connection.ts';
import type { KnownEvent, ServerState } from '../ports/demand-response/openadr-store.ts';
import type { SiteStream } from '../ports/sites/site-record.ts';
import { type FetchedEvent, type FollowedEvent, type FollowPorts, followEvents, tellRefusal } from './follow-events.ts';
import { sendReports } from './send-reports.ts';
import { type ServerEvents, tellLimitsAndPrices } from './tell-limits-and-prices.ts';

export type PollPorts = FollowPorts & {
  readonly connect: OpenAdrConnect;
  readonly credentials: Pick<OpenAdrCredentials, 'of'>;
  readonly stream: SiteStream;
  /** Where servers may notify us, with a server's id after it; undefined: nowhere. */
  readonly callbackUrl?: string;
};

/** What a run came to, for its line in the log. */
export type PollFigures = {
  readonly servers: number;
  readonly events: number;
  readonly reports: number;
  readonly siteSignals: number;
  /** Servers that did not answer, each with what it said. */
  readonly problems: readonly string[];
};

/** A server is silent when it has not answered for so long: its limits end, and what is subscribed holds. */
export const SILENT_MS = 15 * MINUTE_MS;
const CONCURRENCY = 4;

type Fetched = {
  readonly events: readonly FetchedEvent[];
  /** Whether an event cannot be among them, though the server may well have it still. */
  readonly isUnsure: (known: KnownEvent) => boolean;
  readonly state: ServerState;
};
type Polled = ServerEvents & { readonly reports: number; readonly problem?: string; readonly state?: ServerState };

const isSilent = (state: ServerState | undefined, now: number): boolean => now - (state?.answeredAt ?? 0) > SILENT_MS;

/** The events of a server without the limits of programs it has been silent about for so long that these no longer count. */
const withoutUnheard = ({ followed, isSilent, state }: Polled, now: number): ServerEvents => {
  const { unheard = {} } = state ?? {};
  const heard = ({ known, relief }: FollowedEvent): FollowedEvent => {
    const isUnheard = now - (unheard[known.program] ?? now) > SILENT_MS;
    const limits = isUnheard ? relief.limits.filter(({ part }) => part !== 'limit') : relief.limits;
    return { known, relief: { ...relief, limits } };
  };
  return { followed: followed.map(heard), isSilent };
};

/** The id of what a server sent, read or not. */
const idOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, 'id') : undefined;

/** The programs of the server that are configured, by what they are called in the configuration. */
const configured = (server: OpenAdrServer, programs: readonly OpenAdrProgram[]) =>
  server.programs.map(({ program }) => ({
    program,
    found: programs.find(({ programId, name }) => programId === program || name === program),
  }));

/**
 * Looks at OpenADR 3 servers: fetches their events, makes signals and limits of them, and reports back. A server that does not
 * answer leaves what is known in force, and so does an answer what it cannot tell: an event whose new version is not readable,
 * and those of a program it does not name, or whose events it does not answer with. One without programs was removed, and its signals are ended. Reads what is known
 * before it asks, so that runs side by side end nothing they have not seen.
 */
export const pollOpenAdr = (ports: PollPorts) => {
  const { store, connect, credentials, callbackUrl, digest, system } = ports;
  const follow = followEvents(ports);
  const report = sendReports(ports);
  const tell = tellLimitsAndPrices(ports);

  /** What can be read of what a server answered; the rest is refused on the bus, each once. */
  const reader = ({ serverId }: OpenAdrServer, before: ServerState | undefined, now: number) => {
    const unreadable = new Set<string>();
    const unreadableIds = new Set<unknown>();
    const read = async <Value>(values: readonly unknown[], readOne: (value: unknown) => Value): Promise<Value[]> => {
      const found: Value[] = [];
      for (const value of values) {
        try {
          found.push(readOne(value));
        } catch (error) {
          if (!(error instanceof Rejected)) throw error;
          const text = JSON.stringify(value);
          unreadable.add(digest(text));
          unreadableIds.add(idOf(value));
          if (before?.unreadable?.includes(digest(text)) !== true)
            await tellRefusal(ports, serverId, text, error.message, now);
        }
      }
      return found;
    };
    return { read, unreadable, unreadableIds };
  };

  const subscribed = async (
    server: OpenAdrServer,
    connection: OpenAdrConnection,
    programIds: readonly string[],
    token: string,
    before: ServerState['subscribed'],
  ): Promise<ServerState['subscribed']> => {
    if (callbackUrl === undefined) return before;
    if (!server.subscribes) return undefined;
    const address = `${callbackUrl}${server.serverId}`;
    const known = before?.callbackUrl === address ? before.programIds : [];
    for (const programId of programIds)
      if (!known.includes(programId)) await connection.subscribe(programId, address, token);
    return { callbackUrl: address, programIds };
  };

  /** What work came to, or what the server said instead. */
  const answer = async <Value>(work: () => Promise<Value>): Promise<{ value: Value } | { problem: string }> => {
    try {
      return { value: await work() };
    } catch (error) {
      if (error instanceof OpenAdrUnanswered) return { problem: error.message };
      throw error;
    }
  };

  const fetchFrom = async (
    server: OpenAdrServer,
    connection: OpenAdrConnection,
    token: string,
    before: ServerState | undefined,
    now: number,
  ): Promise<Fetched> => {
    const { read, unreadable, unreadableIds } = reader(server, before, now);
    const programs = await read(await connection.programs(), readOpenAdrProgram);
    const events: FetchedEvent[] = [];
    const programIds: string[] = [];
    const missing: string[] = [];
    const unanswered = new Map<string, string>();
    for (const { program, found } of configured(server, programs)) {
      if (found === undefined) missing.push(program);
      if (found === undefined) continue;
      const answered = await answer(() => connection.events(found.programId));
      if ('problem' in answered) unanswered.set(program, answered.problem);
      if ('problem' in answered) continue;
      programIds.push(found.programId);
      const readEvents = await read(answered.value, (value) => readOpenAdrEvent(value, found));
      events.push(...readEvents.map((event) => ({ event, program })));
    }
    const [unheard] = unanswered.values();
    if (unheard !== undefined && programIds.length === 0) throw new OpenAdrUnanswered(unheard);
    // Its events are followed whether or not it can notify us of them.
    const asked = await answer(() => subscribed(server, connection, programIds, token, before?.subscribed));
    const unnotified = 'problem' in asked ? asked.problem : undefined;
    const unnamed = missing.length > 0 ? `The server has no program ${missing.join(', ')}` : undefined;
    const unheardOf = [...unanswered.keys(), ...missing];
    const lastHeard = (program: string) => [program, before?.unheard?.[program] ?? before?.answeredAt ?? now] as const;
    const state = {
      serverId: server.serverId,
      answeredAt: now,
      unreadable: [...unreadable],
      ...omitUndefined({
        unheard: unheardOf.length === 0 ? undefined : Object.fromEntries(unheardOf.map(lastHeard)),
        problem: unheard ?? unnamed ?? unnotified,
        subscribed: 'value' in asked ? asked.value : before?.subscribed,
      }),
    };
    const isUnsure = ({ event, program }: KnownEvent): boolean =>
      unheardOf.includes(program) || unreadableIds.has(event.eventId);
    return { events, isUnsure, state };
  };

  const connected = async (server: OpenAdrServer) => {
    const { serverId } = server;
    const credential = await credentials.of(serverId);
    if (credential === undefined)
      throw new OpenAdrUnanswered(`There is no credential: npm run openadr -- credential ${serverId}`);
    return { connection: connect(server, credential), token: credential.callbackToken };
  };

  const poll = async (server: OpenAdrServer, now: number): Promise<Polled> => {
    const { serverId, programs } = server;
    const before = await store.state(serverId);
    const known = await store.events(serverId);
    if (programs.length === 0) {
      const followed = await follow(server, known, [], now);
      await store.removeServer(serverId);
      return { followed, isSilent: false, reports: 0 };
    }
    const fetched = await answer(async () => {
      const { connection, token } = await connected(server);
      return { connection, ...(await fetchFrom(server, connection, token, before, now)) };
    });
    if ('problem' in fetched) {
      const { problem } = fetched;
      await store.putState({ ...before, serverId, problem });
      const followed = await follow(server, known, undefined, now);
      const told = `${serverId}: ${problem}`;
      return {
        followed,
        isSilent: isSilent(before, now),
        reports: 0,
        problem: told,
        ...omitUndefined({ state: before }),
      };
    }
    const { connection, events, isUnsure, state } = fetched.value;
    const there = new Set(events.map(({ event }) => event.eventId));
    const unsure = known.filter((one) => isUnsure(one) && !there.has(one.event.eventId));
    const followed = await follow(server, known, [...events, ...unsure], now);
    const reported = await report(
      connection,
      server,
      followed.map((one) => one.known),
      now,
    );
    const problem = reported.problem ?? state.problem;
    await store.putState({ ...state, ...omitUndefined({ problem }) });
    const told = problem === undefined ? undefined : `${serverId}: ${problem}`;
    return {
      followed,
      isSilent: false,
      state,
      reports: reported.count,
      ...omitUndefined({ problem: told }),
    };
  };

  /** Of one server, where it notified us: the events of the others go on as they are known. */
  const goOn = async (server: OpenAdrServer, now: number): Promise<Polled> => {
    const [state, known] = await Promise.all([store.state(server.serverId), store.events(server.serverId)]);
    const followed = await follow(server, known, undefined, now);
    return { followed, isSilent: isSilent(state, now), reports: 0, ...omitUndefined({ state }) };
  };

  return async (only?: string): Promise<PollFigures> => {
    const now = system.clock();
    const servers = await store.servers();
    const isMeant = ({ serverId }: OpenAdrServer): boolean => only === undefined || only === serverId;
    const polled = await pMap(servers, (server) => (isMeant(server) ? poll(server, now) : goOn(server, now)), {
      concurrency: CONCURRENCY,
    });
    return {
      servers: servers.filter(isMeant).length,
      events: polled.reduce((sum, { followed }) => sum + followed.length, 0),
      reports: polled.reduce((sum, { reports }) => sum + reports, 0),
      siteSignals: await tell(
        polled.map((one) => withoutUnheard(one, now)),
        now,
      ),
      problems: polled.flatMap(({ problem }) => problem ?? []),
    };
  };
};
