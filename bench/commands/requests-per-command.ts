import type { StoreRequest } from '../../local/faults/fault-proxy.ts';
import { onCommandedStack } from './commanded-stack.ts';
import { followed, profileCommands } from './profile-commands.ts';
import { gatewayUsd, requestUsd } from './store-cost.ts';

const COMMANDS = 200;
const STATIONS = 50;
/** Wake-ups come at the deadline of a call, and are waited for: long after the commands, so that they are told apart. */
const TIMEOUT_MS = 30_000;
const WAKE_UP_MS = 33_000;

const posted = 'apigateway PostToConnection';
/** Marks requests that step a mailbox: asking, sending and settling take these; the rest follows. */
const OF_MAILBOX = ', mailbox';
const stepping = ['BatchGetItem', 'GetItem', 'PutItem', 'TransactWriteItems'];
/** Reads that the minute sweep makes whatever was commanded. */
const sweeping = ['dynamodb Query', 'dynamodb Scan', 'dynamodb GetItem'];

export type RequestsPerCommand = {
  /** AWS requests a command took, by service and operation. */
  readonly byName: readonly (readonly [name: string, perCommand: number])[];
  /** To ask for it, send it and settle it. */
  readonly ofCommand: number;
  /** For its outcome, its line in the timeline, the limit that follows from it. */
  readonly following: number;
  /** For the wake-up at its deadline, when it had been answered long since. */
  readonly ofWakeUp: number;
  readonly usd: number;
};

/** The requests that commands take, counted behind proxies on a stack of its own. */
export const requestsPerCommand = async (): Promise<RequestsPerCommand> => {
  let phase: 'connecting' | 'commanding' | 'waiting' = 'connecting';
  const requests = new Map<string, number>();
  let wakeUps = 0;
  let usd = gatewayUsd * COMMANDS;
  /** The name of the table of mailboxes. */
  let table = '';
  const count = (name: string): void => {
    if (phase === 'commanding') requests.set(name, (requests.get(name) ?? 0) + 1);
  };
  const requested = (request: StoreRequest): void => {
    if (phase === 'connecting') return;
    const { service, operation, body } = request;
    const isStep = stepping.includes(operation) && body.includes(table);
    if (phase === 'waiting' && isStep) wakeUps += 1;
    count(`${service} ${operation}${isStep ? OF_MAILBOX : ''}`);
    if (phase === 'commanding' || isStep) usd += requestUsd(request);
  };
  await onCommandedStack(
    { stations: STATIONS, requested, posted: () => count(posted), timeoutMs: TIMEOUT_MS },
    async (commanded) => {
      const { stack, stations } = commanded;
      table = String(stack.outputs.CommandsTable);
      phase = 'commanding';
      await profileCommands(commanded, stations.stationIds, COMMANDS);
      await followed(commanded, stations.stationIds, COMMANDS);
      phase = 'waiting';
      await new Promise((resolve) => setTimeout(resolve, WAKE_UP_MS));
      phase = 'connecting';
    },
  );
  const byName = [...requests].map(([name, total]) => [name, total / COMMANDS] as const);
  const sumOf = (isMeant: (name: string) => boolean): number =>
    byName.filter(([name]) => isMeant(name)).reduce((sum, [, perCommand]) => sum + perCommand, 0);
  const isOfCommand = (name: string): boolean => name === posted || name.endsWith(OF_MAILBOX);
  return {
    byName,
    ofCommand: sumOf(isOfCommand),
    following: sumOf((name) => !isOfCommand(name) && !sweeping.includes(name)),
    ofWakeUp: wakeUps / COMMANDS,
    usd: usd / COMMANDS,
  };
};
