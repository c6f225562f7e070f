import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import { chunksOf } from '../../async/chunks-of.ts';
import { connectionSender } from '../../aws/commands/connection-sender.ts';
import { mailboxStore } from '../../aws/commands/mailbox-store.ts';
import { temporaryFolder } from '../../cli/command-line/temporary-folder.ts';
import type { CommandRecord } from '../../domain/commands/command.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { StoreRequest } from '../../local/faults/fault-proxy.ts';
import { type LocalStack, startLocal } from '../../local/stack/local-stack.ts';
import { synthesize } from '../../local/template/synthesize.ts';
import { system } from '../../runtime/system.ts';
import type { MailboxStore } from '../../use-cases/ports/commands/mailbox-store.ts';
import { readAhead } from '../../use-cases/send-command/read-ahead.ts';
import { type Caller, requestCommand } from '../../use-cases/send-command/request-command.ts';
import { type Arrivals, arrivals } from './arrivals.ts';
import { type BenchStations, connectStations } from './connect-stations.ts';

/** A stack with stations that are connected, and a control loop of ours that asks them. */
export type CommandedStack = {
  readonly stack: LocalStack;
  readonly stations: BenchStations;
  readonly heard: Arrivals;
  readonly mailboxes: MailboxStore;
  /** Asks in-process: each request is a newer decision than those before. */
  readonly ask: Ask;
  /** Asks the same of many stations, as our own control loops do: they read many mailboxes in one request, and write many. */
  readonly askAll: (stationIds: readonly string[], action: string, payload: string) => Promise<void>;
};

export type Ask = (stationId: string, action: string, payload: string) => Promise<CommandRecord>;

export type CommandedOptions = {
  readonly stations: number;
  /** Called for every request to a store: the stack stands behind proxies then, which take their time. */
  readonly requested?: (request: StoreRequest) => void;
  /** Called for every call the loop puts on the wire by itself. */
  readonly posted?: () => void;
  /** How long a station may take to answer; what is usual if left out. */
  readonly timeoutMs?: number;
};

const loop: Caller = { by: 'bench', role: 'administrator', origin: 'internal' };

/** As a dispatch of demand response asks. */
const ITEMS_PER_TRANSACTION = 20;
const STATIONS_AT_ONCE = 10;
const WRITES_AT_ONCE = 25;

/** At rest the process of the stack uses less than this share of a core for this long; a stack that is never so quiet is taken as it is. */
const RESTING = { share: 0.5, forMs: 2_000, atMostMs: 20_000 };

/** Resolves when nothing is left to do of what happened before, as far as the use of the processor tells. */
export const atRest = async (): Promise<void> => {
  const giveUpAt = performance.now() + RESTING.atMostMs;
  for (let busy = true; busy && performance.now() < giveUpAt; ) {
    const [before, from] = [process.cpuUsage(), performance.now()];
    await sleep(RESTING.forMs);
    const { user, system: kernel } = process.cpuUsage(before);
    busy = (user + kernel) / 1_000 > RESTING.share * (performance.now() - from);
  }
};

/** Runs some work on a stack of its own, at rest, with so many stations connected. */
export const onCommandedStack = async <T>(
  { stations: count, requested, posted, timeoutMs }: CommandedOptions,
  work: (commanded: CommandedStack) => Promise<T>,
): Promise<T> => {
  const folder = temporaryFolder('wattstream-bench-');
  const assembly = await synthesize(join('.wattstream', 'bench'));
  const stack = await startLocal({ assembly, folder, ...(requested && { faults: true, requested }) });
  try {
    Object.assign(process.env, stack.environment);
    const heard = arrivals();
    const stations = await connectStations(stack, count, heard.arrived);
    await atRest();
    const sender = connectionSender(String(stack.outputs.WebsocketCallbackUrl));
    const tables = { commands: String(stack.outputs.CommandsTable), stations: String(stack.outputs.StationsTable) };
    const mailboxes = mailboxStore(tables, system);
    const together = mailboxStore(tables, system, undefined, { itemsPerTransaction: ITEMS_PER_TRANSACTION });
    let asked = 0;
    const askOf = (store: MailboxStore): Ask => {
      const request = requestCommand({
        mailboxes: store,
        sender: {
          send: (...args) => {
            posted?.();
            return sender.send(...args);
          },
        },
        system,
        warn: (kind, detail) => console.error(kind, detail),
      });
      return (stationId, action, payload) => {
        asked += 1;
        const told = { stationId, action, payload, discriminator: `n${asked}`, version: asked };
        return request({ ...told, ...omitUndefined({ timeoutMs }) }, loop);
      };
    };
    const askAll: CommandedStack['askAll'] = async (stationIds, action, payload) => {
      const ask = askOf(readAhead(together, await together.loadAllWithContact(stationIds)));
      const askSome = (some: readonly string[]) => Promise.all(some.map((id) => ask(id, action, payload)));
      await pMap(chunksOf(stationIds, STATIONS_AT_ONCE), askSome, { concurrency: WRITES_AT_ONCE });
    };
    const result = await work({ stack, stations, heard, mailboxes, ask: askOf(mailboxes), askAll });
    await stations.close();
    return result;
  } finally {
    await stack.stop();
  }
};
